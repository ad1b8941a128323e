import { describe, expect, it } from "vitest";
import { readEnvFile } from "../../../compose/read/dotenv.ts";

/** Names and values; a line that is none by its number. */
function read(text: string) {
  return readEnvFile(text).map((entry) =>
    typeof entry === "number" ? entry : [entry.name, entry.value],
  );
}

describe("an environment file", () => {
  it.each([
    ["A=b", "b"],
    ["export A=b", "b"],
    ["A = b ", "b"],
    ["A: b", "b"],
    ["A=b # said", "b"],
    ["A=b#c", "b#c"],
    ['A="b # c"  # said', "b # c"],
    ["A='b \"c\"'", 'b "c"'],
    ['A="b\\n\\"c\\""', 'b\n"c"'],
    ['A="b\nc"', "b\nc"],
    ["A=", ""],
    ["A=b=c", "b=c"],
    ["A", undefined],
  ])("%j gives A", (text, value) => {
    expect(read(text)).toEqual([["A", value]]);
  });

  it("passes over comments and empty lines, and answers the number of a line that is none", () => {
    expect(read("\uFEFF# first\r\n\r\nA=1\r\nnot a line\r\nB=2")).toEqual([
      ["A", "1"],
      4,
      ["B", "2"],
    ]);
  });

  it("fills in no variable between single quotes", () => {
    expect(readEnvFile("A='$B'\nC=$B\nD=\"$B\"")).toMatchObject([
      { filled: false },
      { filled: true },
      { filled: true },
    ]);
  });
});
