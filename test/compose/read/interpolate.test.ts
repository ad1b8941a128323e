import { describe, expect, it } from "vitest";
import { interpolate } from "../../../compose/read/interpolate.ts";

const VALUES: Readonly<Record<string, string>> = { NAME: "value", EMPTY: "", OTHER: "else" };

function filled(text: string): { text: string; unset: string[]; refused: string[] } {
  const unset: string[] = [];
  const refused: string[] = [];
  const result = interpolate(text, {
    valueOf: (name) => VALUES[name],
    hidden: (name, value) => (name === "PASSWORD" ? `<${value ?? "none"}>` : undefined),
    unset: (name) => unset.push(name),
    refuse: (message) => refused.push(message),
  });
  return { text: result, unset, refused };
}

describe("variables of a Compose file", () => {
  it.each([
    ["plain", "plain"],
    ["$NAME-$NAME", "value-value"],
    ["${NAME}s", "values"],
    ["$$NAME and $${NAME}", "$NAME and ${NAME}"],
    ["${NONE:-default}", "default"],
    ["${NONE-default}", "default"],
    ["${EMPTY:-default}", "default"],
    ["${EMPTY-default}", ""],
    ["${NAME:-default}", "value"],
    ["${NONE:-${OTHER:-deeper}}", "else"],
    ["${NONE:-a${NONE:-b}c}", "abc"],
    ["${NAME:+set}", "set"],
    ["${NONE:+set}", ""],
    ["${EMPTY+set}", "set"],
    ["${NAME:?why}", "value"],
    ["${NONE:-http://host/path}", "http://host/path"],
  ])("%s is %s", (text, result) => {
    expect(filled(text)).toEqual({ text: result, unset: [], refused: [] });
  });

  it("that are not set are empty, and named", () => {
    expect(filled("a${NONE}b$NONE2")).toEqual({
      text: "ab",
      unset: ["NONE", "NONE2"],
      refused: [],
    });
  });

  it("that have to be there are refused when they are not", () => {
    expect(filled("${NONE:?say so}").refused).toEqual([
      "needs the variable NONE (say so); set it in .env or with --env-file",
    ]);
    expect(filled("${EMPTY?}").refused).toEqual([]);
  });

  it.each(["${NAME", "$1", "${1}", "a $ b", "${NAME!x}"])("%s is refused", (text) => {
    expect(filled(text).refused).toHaveLength(1);
  });

  it("that are secrets are replaced by what stands for them, defaults too", () => {
    expect(filled("user:${PASSWORD}@host").text).toBe("user:<none>@host");
    expect(filled("${PASSWORD:-hunter2}").text).toBe("<hunter2>");
  });
});
