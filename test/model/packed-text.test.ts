import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { packed, UNPACK } from "../../model/packed-text.ts";

describe("a packed text", () => {
  const text = "a line with $signs, 'quotes' and ümläuts\n".repeat(200);

  it("comes back as it was from what every host has", () => {
    const back = execFileSync("sh", ["-c", UNPACK], { input: packed(text), encoding: "utf8" });
    expect(back).toBe(text);
  });

  it("comes back from a document inside a script too, through whatever follows", () => {
    const script = `${UNPACK} <<'END' | cat\n${packed(text)}\nEND\n`;
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(text);
  });

  it("takes a fraction of the room and needs no quoting", () => {
    expect(packed(text).length).toBeLessThan(text.length / 10);
    expect(packed(text)).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  });

  it("names neither a time nor a system, so that the same text is the same letters anywhere", () => {
    const head = Buffer.from(packed(text), "base64").subarray(0, 10);
    expect([...head]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
  });
});
