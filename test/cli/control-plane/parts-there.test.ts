import { describe, expect, it } from "vitest";
import { partsScript, partTroubles, type Builds } from "../../../cli/control-plane/parts-there.ts";
import { site } from "../../support/site.ts";

const BUILDS: Builds = {
  observer: "0bbbbbbbbbbb",
  supervisor: "1bbbbbbbbbbb",
  executor: "2bbbbbbbbbbb",
  "operator-ui": "3bbbbbbbbbbb",
};

const answer = (part: string, said: string): string =>
  `answer ${part} ${Buffer.from(said).toString("base64")}`;

/** What the script prints where all is well. */
function well(): string[] {
  return [
    ...Object.entries(BUILDS).map(([part, build]) => `program ${part} ${build}0123  -`),
    answer("observer", '{"status":"ok","build":"0bbbbbbbbbbb"}'),
    answer("operator-ui", '{"status":"ok","build":"3bbbbbbbbbbb","more":1}'),
  ];
}

/** What is found where one line is another. */
function troubles(index: number, ...lines: readonly string[]): Record<string, string> {
  const output = well().toSpliced(index, 1, ...lines);
  return Object.fromEntries(partTroubles(output.join("\n"), BUILDS));
}

describe("what is said of the parts on the VPS", () => {
  it("is nothing where each has the program that was built and answers as that", () => {
    expect(partTroubles(`${well().join("\n")}\n`, BUILDS).size).toBe(0);
  });

  it("names who has another program, by its container", () => {
    expect(troubles(2, "program executor 9bbbbbbbbbbb  -")).toEqual({
      "control-plane-executor": "has another program than build 2bbbbbbbbbbb",
    });
  });

  it("names who does not answer, is not well, answers as another build, or with something else", () => {
    const said = (text: string) => troubles(4, answer("observer", text))["control-plane-observer"];
    expect(said("")).toBe("does not answer");
    expect(said('{"status":"not writing","build":"0bbbbbbbbbbb"}')).toContain("not writing");
    expect(said('{"status":"ok","build":"old"}')).toBe(
      "answers as build old, and 0bbbbbbbbbbb was deployed",
    );
    expect(said("<html>")).toBe("answers with something else than its health");
  });

  it("names everybody of whom the VPS said nothing", () => {
    expect(partTroubles("", BUILDS).size).toBe(4);
    expect(troubles(1)).toEqual({ "control-plane-supervisor": "could not be asked" });
  });

  it("writes out what a part says of itself", () => {
    const text = JSON.stringify({ status: "\u001b[2J", build: "0bbbbbbbbbbb" });
    expect(troubles(4, answer("observer", text))["control-plane-observer"]).not.toContain("\u001b");
  });

  it("is asked at the loopback and at the mesh address alone", () => {
    const urls = partsScript(site).match(/https?:\/\/[^/']+/g);
    expect(urls?.toSorted()).toEqual(["http://100.64.0.1:8081", "http://127.0.0.1:8080"]);
  });
});
