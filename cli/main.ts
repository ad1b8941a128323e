import { readFileSync } from "node:fs";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { HostError, UserError } from "../model/errors.ts";
import { HOSTS, hostWith } from "../model/host-names.ts";
import { EXIT, failureOf, failureSchema, jsonAsked } from "./failure.ts";
import { printJson } from "./output.ts";
import { registerAdopt } from "./commands/adopt.ts";
import { registerBackup } from "./commands/backup.ts";
import { registerCheck } from "./commands/check.ts";
import { registerControlPlane } from "./commands/control-plane.ts";
import { registerDatabase } from "./commands/database.ts";
import { registerDeploy } from "./commands/deploy.ts";
import { registerDrift } from "./commands/drift.ts";
import { registerGraph } from "./commands/graph.ts";
import { registerImages } from "./commands/images.ts";
import { registerImport } from "./commands/import.ts";
import { registerMaintenance } from "./commands/maintenance.ts";
import { registerMesh } from "./commands/mesh.ts";
import { registerOverrides } from "./commands/overrides.ts";
import { registerSecrets } from "./commands/secrets.ts";
import { registerValidate } from "./commands/validate.ts";
import { registerWhy } from "./commands/why.ts";

/** Command that a shell asks what would complete a word. */
const COMPLETE = "complete";

/**
 * The whole command line, without running it. What a command needs is loaded when it runs, so
 * that help is quick.
 */
export async function buildProgram(argv: readonly string[] = []): Promise<Command> {
  const program = new Command("homelab")
    .description(`A complete homelab over its Docker hosts: ${HOSTS.join(", ")}`)
    .version(version(), "--version", "print the version")
    .addHelpText(
      "after",
      `\nExit codes: 0 done, 1 failed, 2 wrong input, where the help of a command says nothing else.\nPlain Pulumi deploys as well: pulumi preview -s ${hostWith("home")}, pulumi up -s ${hostWith("home")}`,
    )
    .showHelpAfterError("(run `npx homelab help` for the commands and their options)")
    .exitOverride();
  registerValidate(program);
  registerGraph(program);
  registerCheck(program);
  registerDeploy(program);
  registerDrift(program);
  registerOverrides(program);
  registerWhy(program);
  registerSecrets(program);
  registerImages(program);
  registerBackup(program);
  registerDatabase(program);
  registerImport(program);
  registerAdopt(program);
  registerMaintenance(program);
  registerMesh(program);
  registerControlPlane(program);
  await registerSandbox(program, argv);
  await registerComplete(program, argv);
  return program;
}

/** The sandbox's commands are large, and loaded only when one of them is asked for. */
async function registerSandbox(program: Command, argv: readonly string[]): Promise<void> {
  if (argv.includes("sandbox") || argv[2] === COMPLETE) {
    (await import("./commands/sandbox.ts")).registerSandbox(program);
  } else {
    program
      .command("sandbox")
      .description(`real machines (${HOSTS.join(", ")}) on this computer; needs root`);
  }
}

/** What a shell asks for the words that would do knows all commands, and is loaded only for that. */
async function registerComplete(program: Command, argv: readonly string[]): Promise<void> {
  if (argv[2] === COMPLETE) {
    await (await import("./completion.ts")).registerCompletion(program);
  } else {
    program
      .command(`${COMPLETE} <shell>`)
      .description("what bash, zsh, fish or powershell sources to complete these commands");
  }
}

/**
 * Runs one command line and answers its exit code. A command with a finer answer sets
 * process.exitCode, which is taken over here.
 * @param argv as process.argv: node, program, then the words
 */
export async function main(argv: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  const program = await buildProgram(argv);
  const isJson = jsonAsked(program, argv);
  try {
    await program.parseAsync([...argv]);
    return typeof process.exitCode === "number" ? process.exitCode : EXIT.done;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) return EXIT.done;
    report(error);
    if (isJson()) printJson(failureSchema, failure);
    return failure.exitCode;
  } finally {
    process.exitCode = undefined;
  }
}

/** Says on standard error what went wrong. */
function report(error: unknown): void {
  // Commander has already said what is wrong.
  if (error instanceof CommanderError) return;
  if (error instanceof UserError) {
    process.stderr.write(`error ${error.code}: ${error.message}\n`);
    return;
  }
  if (error instanceof HostError) {
    process.stderr.write(`error ${error.code} on ${error.host}: ${error.message}\n`);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a mistake in homelab itself, please report it:\n${text}\n`);
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
