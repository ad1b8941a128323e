import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskerOf, plainText } from "../../hosts/masking.ts";

const SECRET = `c4nary/+ "quote' & ü=`;
const mask = maskerOf([SECRET]);

describe("masking", () => {
  it.each([
    ["raw", SECRET],
    ["as a URL has it", encodeURIComponent(SECRET)],
    ["as a form has it", encodeURIComponent(SECRET).replaceAll("%20", "+")],
    ["as JSON has it", JSON.stringify(SECRET).slice(1, -1)],
    ["as the shell quotes it", SECRET.replaceAll("'", `'\\''`)],
    ["hexadecimal", Buffer.from(SECRET).toString("hex")],
    ["broken over lines", `${SECRET.slice(0, 6)}\n  ${SECRET.slice(6)}`],
    ["laced with colours", [...SECRET].join("\u001b[31m")],
    ["laced with a title", `${SECRET.slice(0, 5)}\u001b]0;title\u0007${SECRET.slice(5)}`],
    ["laced with other control characters", [...SECRET].join("\b")],
  ])("hides a secret %s", (_, form) => {
    expect(mask(`before ${form} after`)).toBe("before *** after");
  });

  it.each([0, 1, 2, 3, 4, 5])("hides it in base64 behind %i other bytes", (before) => {
    const text = `${"u:pass".slice(0, before)}${SECRET}`;
    const encoded = Buffer.from(text).toString("base64");
    const masked = mask(`Authorization: Basic ${encoded}`);
    expect(masked).toContain("***");
    const left = Buffer.from(masked.replace(/^.*Basic /, "").replace(/\*+/, ""), "base64");
    expect(left.toString("latin1")).not.toContain(SECRET.slice(3, 9));
  });

  it("hides the longer of two secrets of which one is part of the other", () => {
    expect(maskerOf(["secret", "secret-and-more"])("a secret-and-more b")).toBe("a *** b");
  });

  it("hides each line of a secret of several", () => {
    const key = "-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----\n";
    expect(maskerOf([key])("says ijklmnop only")).toBe("says *** only");
  });

  it("hides a password in an address, though nobody told of it", () => {
    expect(maskerOf([])("redis://user:hunter2@db:6379")).toBe("redis://user:***@db:6379");
  });

  it("leaves words alone that only look like it, and values that are too short to be secrets", () => {
    expect(maskerOf(["1", "yes", ""])("1 yes is no secret")).toBe("1 yes is no secret");
  });

  it("never leaves a secret of plain characters in a text", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9+/=]{6,40}$/);
    fc.assert(
      fc.property(word, fc.string(), fc.string(), (secret, before, after) => {
        const masked = maskerOf([secret])(`${before}${secret}${after}`);
        expect(masked.replaceAll("***", " ")).not.toContain(secret);
      }),
    );
  });

  it("keeps lines and tabs, and nothing that moves a cursor", () => {
    expect(plainText("a\tb\r\nc\u001b[2Jd\u0000\u0007")).toBe("a\tb\ncd");
  });
});
