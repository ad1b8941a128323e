// Runs `pulumi` as a user would, and takes the time.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { HostError } from "../model/errors.ts";
import type { PulumiEvent, TimedEvent } from "./where-time-goes.ts";

/** A run of `pulumi` that succeeded. */
export interface PulumiRun {
  /** From the command's start to its end. */
  readonly seconds: number;
  /** With `--json`, what it said and when. */
  readonly events: readonly TimedEvent[];
}

/** An `up` or `preview` with `--json` prints one event per line, also a preview. */
const STREAM_EVENTS = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

const LIMIT_MS = 900_000;

/**
 * Runs `pulumi`.
 * @throws HostError with the end of its output when it fails
 */
export async function runPulumi(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<PulumiRun> {
  const begin = performance.now();
  const child = execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    env: { ...env, ...STREAM_EVENTS },
    cwd: "/",
    stdin: "ignore",
    reject: false,
    buffer: false,
    timeout: LIMIT_MS,
  });
  const events: TimedEvent[] = [];
  const said: string[] = [];
  const read = async (stream: "stdout" | "stderr") => {
    for await (const line of child.iterable({ from: stream })) {
      const at = (performance.now() - begin) / 1000;
      if (line.startsWith("{")) events.push({ at, event: JSON.parse(line) as PulumiEvent });
      else said.push(line);
    }
  };
  const [{ exitCode }] = await Promise.all([child, read("stdout"), read("stderr")]);
  const seconds = (performance.now() - begin) / 1000;
  if (exitCode === 0) return { seconds, events };
  const diagnostics = events.map(({ event }) => diagnosticOf(event)).filter((text) => text !== "");
  const tail = [...said, ...diagnostics].slice(-15).join("\n");
  throw new HostError("HL-BENCH", "docker-vm", `"pulumi ${args.join(" ")}" failed:\n${tail}`);
}

function diagnosticOf(event: PulumiEvent): string {
  const { diagnosticEvent } = event as { diagnosticEvent?: { severity: string; message: string } };
  return diagnosticEvent?.severity.includes("error") ? diagnosticEvent.message : "";
}

/** An empty program with the same runtime and options as the homelab's. */
export interface EmptyProgram {
  /** Environment in which `pulumi` uses it; its stack is "empty". */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Makes a Pulumi project, with a state of its own, whose program is bench/empty-program. */
export async function makeEmptyProgram(
  env: Readonly<Record<string, string>>,
  projectText: string,
): Promise<EmptyProgram> {
  const folder = await mkdtemp(join(tmpdir(), "homelab-bench-"));
  const main = join(import.meta.dirname, "empty-program", "program.mjs");
  const project = parse(projectText) as Record<string, unknown>;
  const paths = { project: join(folder, "project"), state: join(folder, "state") };
  await Promise.all(Object.values(paths).map((path) => mkdir(path)));
  const text = stringify({ ...project, name: "empty", main, config: {} });
  await writeFile(join(paths.project, "Pulumi.yaml"), text);
  const own = {
    ...env,
    PULUMI_OPTION_CWD: paths.project,
    PULUMI_BACKEND_URL: `file://${paths.state}`,
  };
  await runPulumi(own, ["stack", "init", "empty"]);
  await runPulumi(own, ["up", "--yes", "--skip-preview", "--stack", "empty"]);
  return { env: own, remove: () => rm(folder, { recursive: true, force: true }) };
}
