import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  partsScript,
  partTroubles,
  sightOf,
  type Builds,
} from "../../../cli/control-plane/parts-there.ts";
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
  return Object.fromEntries(sightOf(partTroubles(output.join("\n"), BUILDS)).troubles);
}

/** What `verify` is told where the last lines are others. */
function sight(...lines: readonly string[]) {
  const output = [...well(), ...lines].join("\n");
  const { troubles: found, isFinal } = sightOf(partTroubles(output, BUILDS));
  return { isFinal, names: [...found.keys()] };
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

  it("is final where the program or the build is another, and then nobody else is named, who may come yet", () => {
    const program = "program executor 9bbbbbbbbbbb  -";
    const late = answer("operator-ui", "");
    const old = answer("observer", '{"status":"ok","build":"old"}');
    expect(sight(late, program)).toEqual({ isFinal: true, names: ["control-plane-executor"] });
    expect(sight(old, late)).toEqual({ isFinal: true, names: ["control-plane-observer"] });
    expect(sight("program observer 9bbbbbbbbbbb  -", answer("observer", ""))).toEqual({
      isFinal: true,
      names: ["control-plane-observer"],
    });
  });

  it("is not final where one does not answer, is not well yet, or has a program that could not be read", () => {
    const nothing = createHash("sha256").digest("hex");
    for (const line of [
      answer("observer", ""),
      answer("observer", '{"status":"not writing","build":"0bbbbbbbbbbb"}'),
      `program observer ${nothing}  -`,
    ]) {
      expect(sight(line), line).toEqual({ isFinal: false, names: ["control-plane-observer"] });
    }
    expect(sight()).toEqual({ isFinal: false, names: [] });
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
