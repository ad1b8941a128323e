import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { JsonOption } from "../../cli/json-option.ts";
import { jsonReference } from "../../cli/json-reference.ts";
import { buildProgram } from "../../cli/main.ts";
import { CHECKOUT } from "../support/rooms.ts";

const FOLDER = join(CHECKOUT, "docs/reference");
// With all commands, those of the sandbox too.
const program = await buildProgram(["node", "homelab", "complete"]);
const pages = await jsonReference(program);

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}

describe("what the commands print for programs", () => {
  it("has a schema in the definition of every command with --json", () => {
    const options = all(program).flatMap(({ options }) => options);
    const json = options.filter(({ long }) => long === "--json");
    expect(json.length).toBeGreaterThan(20);
    expect(json.filter((option) => !(option instanceof JsonOption))).toEqual([]);
  });

  it.each([...pages])("is what docs/reference/%s says", async (path, text) => {
    await expect(text).toMatchFileSnapshot(join(FOLDER, path));
  });

  it("is all that docs/reference/json has", () => {
    const files = readdirSync(join(FOLDER, "json")).map((name) => `json/${name}`);
    expect(files.filter((path) => !pages.has(path))).toEqual([]);
  });
});
