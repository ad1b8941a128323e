// The reference of what the commands print for programs, written from what their definitions name.
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { z } from "zod";
import { logEventSchema } from "../deploy/staged/log.ts";
import { failureSchema } from "./failure.ts";
import { JsonOption, type SchemaLoader } from "./json-option.ts";

/** A command that has something to say to programs. */
export interface JsonCommand {
  /** Its words, e.g. "backup list". */
  readonly words: string;
  readonly about: string;
  readonly schema: SchemaLoader;
}

/** All commands that have `--json`. */
export function jsonCommands(
  command: CommandUnknownOpts,
  parents: readonly string[] = [],
): JsonCommand[] {
  const option = command.options.find((each) => each instanceof JsonOption);
  const words = command.parent === null ? [] : [...parents, command.name()];
  const own = { words: words.join(" "), about: command.description() };
  return [
    ...(option === undefined ? [] : [{ ...own, schema: option.schema }]),
    ...command.commands.flatMap((each) => jsonCommands(each, words)),
  ];
}

/** Every page of the reference by its path below docs/reference. */
export async function jsonReference(program: CommandUnknownOpts): Promise<Map<string, string>> {
  const commands = jsonCommands(program);
  const schemas = await Promise.all(
    commands.map(
      async ({ words, schema }) =>
        [fileOf(words), schemaText(`homelab ${words} --json`, await schema())] as const,
    ),
  );
  return new Map([
    ["json.md", indexPage(commands)],
    ...schemas,
    ["json/failure.schema.json", schemaText("A failure of homelab … --json", failureSchema)],
    ["json/log-line.schema.json", schemaText("[STRUCT] of a deployment's log", logEventSchema)],
  ]);
}

function fileOf(words: string): string {
  return `json/${words.replaceAll(" ", "-")}.schema.json`;
}

/** The schema for other programs. It is open, as a later version may say more. */
function schemaText(title: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return `${JSON.stringify({ $schema, title, ...rest }, undefined, 2)}\n`;
}

function indexPage(commands: readonly JsonCommand[]): string {
  const rows = commands.map(
    ({ words, about }) => `| [\`${words}\`](${fileOf(words)}) | ${about.replaceAll("|", "\\|")} |`,
  );
  return `# What the commands print for programs

With \`--json\` a command prints one JSON value to standard output and nothing else there: its answer, or a failure. Notes and progress go to standard error, as without it. Exit codes are those of the command's help. Nobody is asked anything: what would ask needs \`--yes\`.

This page and the schemas (JSON Schema 2020-12) are written from what the commands' definitions name: \`npx vitest run --project unit test/cli/json-reference.test.ts -u\`.

| Command | What |
|---|---|
${rows.join("\n")}

The schemas say what a field means where its name does not. Moments are ISO 8601, in UTC. A field that is null is known not to be there; one that a schema does not require may be absent. No secret is in any of it, but the key of \`mesh invite\`. What could not be seen in a text is written out (\`\\u001b\`).

## A failure

What does not come to an answer prints [a failure](json/failure.schema.json), and on standard error the same for a person:

    {
      "version": 1,
      "exitCode": 2,
      "error": {
        "code": "HL-USAGE",
        "host": null,
        "message": "\\"laptop\\" is not a host; the hosts are vps, nas, docker-vm",
        "mistakes": []
      }
    }

\`exitCode\` is the command's: 2, the input has to change; 1, something failed. \`code\` is one of [these](errors.md), \`host\` the one that it happened on. \`mistakes\` has path and message of each mistake where the message lists several, as of site settings or a Compose file. \`code\` is null for a mistake in homelab itself. An answer never has \`error\` at its top, so that tells both apart. What is not well, or a host that is away beside others that answer, is no failure but an answer, with an exit code of its own.

## What stays

Within a \`version\` fields are only added, and the words that a field can have; none goes, and none changes its type or meaning. So pass over what you do not know: the schemas here are open. When a reader of the version before would get something wrong, \`version\` rises, and \`CHANGELOG.md\` says so. An answer without \`version\` is held to the same, and a change of it is a change of its form.

## A deployment's log

The lines behind \`[STRUCT] \` in the logs of \`homelab deploy\` ([where](../deploy.md)) are of [this schema](json/log-line.schema.json), under the same promise.
`;
}
