import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { z } from "zod";
import { HostError, UserError } from "../model/errors.ts";

/** Exit codes of all commands but those that say their own in their help. */
export const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** Schema of what a command with `--json` prints in place of its answer when it fails. */
export const failureSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z
    .union([z.literal(EXIT.failed), z.literal(EXIT.wrongInput)])
    .describe("The command's: 2 the input has to change, 1 something failed."),
  error: z
    .strictObject({
      code: z
        .string()
        .nullable()
        .describe("From docs/reference/errors.md; null for a mistake in homelab itself."),
      host: z.string().nullable().describe("Where it failed; null when no host had to do with it."),
      message: z.string().describe("What is wrong, where, and what to do."),
      mistakes: z
        .array(
          z.strictObject({
            path: z
              .string()
              .describe('Where it is, e.g. "homelab:site.domain" or a line of a file.'),
            message: z.string().describe("What is wrong there."),
          }),
        )
        .describe("Each mistake of the input by its place; empty where the message says it all."),
    })
    .describe("No answer has a field of this name."),
});

/** How a command failed. */
export type Failure = z.infer<typeof failureSchema>;

/** The failure that an error means; undefined when it only ended the program, as --help does. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return undefined;
    return failure("HL-USAGE", null, error.message.replace(/^error: /, ""));
  }
  if (error instanceof UserError) {
    return failure(error.code, null, error.message, error.mistakes);
  }
  if (error instanceof HostError) return failure(error.code, error.host, error.message);
  return failure(null, null, error instanceof Error ? error.message : String(error));
}

function failure(
  code: string | null,
  host: string | null,
  message: string,
  mistakes: UserError["mistakes"] = [],
): Failure {
  const isInput = code !== null && host === null;
  return {
    version: 1,
    exitCode: isInput ? EXIT.wrongInput : EXIT.failed,
    error: {
      code,
      host,
      message,
      mistakes: mistakes.map(({ path, message }) => ({ path, message })),
    },
  };
}

/** Says whether the command line that is being run asks for JSON. */
export function jsonAsked(program: CommandUnknownOpts, argv: readonly string[]): () => boolean {
  // Of words that no command takes nothing better is known.
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  let isAsked = own.includes("--json");
  program.hook("preAction", (_, command) => {
    // Of any command: which options it has, nobody knows here.
    const given = command.opts() as Readonly<Record<string, unknown>>;
    isAsked = given["json"] === true || given["format"] === "json";
  });
  return () => isAsked;
}
