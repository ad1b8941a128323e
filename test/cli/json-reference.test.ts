import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { JsonOption } from "../../cli/json-option.ts";
import { jsonReference } from "../../cli/json-reference.ts";
import { buildProgram } from "../../cli/main.ts";
import { CHECKOUT } from "../support/rooms.ts";

const FOLDER = join(CHECKOUT, "docs/reference");
// With all commands, those of the sandbox too.
const program = await buildProgram(["node", "homelab", "complete"]);
const pages = await jsonReference(program);

/** Commands whose every field is explained in its schema. */
const EXPLAINED = [
  ...["deploy", "drift", "status", "backup-list", "why", "check", "graph", "validate"],
  ...["rollback", "events", "incidents", "actions", "approve", "reject", "failure"],
  ...["release", "unlock", "database-convert", "images-update"],
];

interface JsonSchema {
  readonly description?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Paths of the fields that nothing is said of; one that has a single value says it itself. */
function unexplained(schema: JsonSchema, path = ""): string[] {
  const { properties = {}, items, additionalProperties: more, anyOf = [], oneOf = [] } = schema;
  const own = Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description === undefined && field.const === undefined ? [`${path}.${name}`] : []),
    ...unexplained(field, `${path}.${name}`),
  ]);
  const inner = [items, more, ...anyOf, ...oneOf].filter((one) => typeof one === "object");
  return [...own, ...inner.flatMap((one) => unexplained(one, path))];
}

function all(command: CommandUnknownOpts): CommandUnknownOpts[] {
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

  it.each(EXPLAINED)("is explained field by field for %s", (name) => {
    const text = pages.get(`json/${name}.schema.json`) ?? "";
    expect(unexplained(JSON.parse(text) as JsonSchema)).toEqual([]);
  });

  it("is all that docs/reference/json has", () => {
    const files = readdirSync(join(FOLDER, "json")).map((name) => `json/${name}`);
    expect(files.filter((path) => !pages.has(path))).toEqual([]);
  });
});
