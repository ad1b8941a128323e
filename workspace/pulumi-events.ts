// Runs `pulumi` as a user would, and hears the events that `--json` prints while it runs.
import { execa } from "execa";
import { HostError } from "../model/errors.ts";

/** An event of Pulumi's, with the time at which it was printed. */
export interface TimedEvent {
  /** Seconds since the command was started. */
  readonly at: number;
  readonly event: PulumiEvent;
}

/** What a step of Pulumi's is done to. */
export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

/** The parts of Pulumi's events that are read. */
export interface PulumiEvent {
  readonly preludeEvent?: unknown;
  readonly summaryEvent?: unknown;
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
}

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
  throw new HostError("HL-PULUMI", "this computer", `"pulumi ${args.join(" ")}" failed:\n${tail}`);
}

function diagnosticOf(event: PulumiEvent): string {
  const { diagnosticEvent } = event as { diagnosticEvent?: { severity: string; message: string } };
  return diagnosticEvent?.severity.includes("error") ? diagnosticEvent.message : "";
}
