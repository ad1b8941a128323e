import { Command } from "commander";
import { HostError, UserError } from "../model/errors.ts";
import { registerSandbox } from "./commands/sandbox.ts";

/** The whole command line, without running it. */
export function buildProgram(): Command {
  const program = new Command("homelab")
    .description("A complete homelab over three Docker hosts")
    .showHelpAfterError();
  registerSandbox(program);
  return program;
}

/**
 * Runs one command line and answers its exit code: 0 done, 1 failed, 2 wrong input.
 * A command that has a finer answer (such as `check`) sets process.exitCode itself.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...argv]);
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`error ${error.code}: ${error.message}\n`);
    return 2;
  }
  if (error instanceof HostError) {
    process.stderr.write(`error ${error.code} on ${error.host}: ${error.message}\n`);
    return 1;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
