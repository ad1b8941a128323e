// Runs `pulumi` as a user would, and hears the events that `--json` prints while it runs.
import { execa } from "execa";
import { HostError } from "../model/errors.ts";
import { jsonIn } from "../model/json-in.ts";
import { fullStateHint } from "./file-backend.ts";

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
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
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

/** How a run is followed. */
export interface PulumiOptions {
  /** Told each event as it comes. @default nobody is */
  readonly onEvent?: (event: PulumiEvent) => void;
  /** Told each other line that it prints, as it comes; without `--json` that is all. @default nobody is */
  readonly onLine?: (line: string) => void;
  /** Longest time that it may take. @default 900 */
  readonly limitSeconds?: number;
  /** When it fires, Pulumi is asked to end: what is under way is finished, and recorded. */
  readonly interrupted?: AbortSignal;
}

/**
 * Runs `pulumi`.
 * @param env added to the environment; names the project by PULUMI_OPTION_CWD
 * @throws HostError with the end of its output when it fails
 */
export async function runPulumi(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  { onEvent, onLine, limitSeconds = 900, interrupted }: PulumiOptions = {},
): Promise<PulumiRun> {
  const begin = performance.now();
  const child = execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    env: { ...env, ...STREAM_EVENTS },
    cwd: "/",
    stdin: "ignore",
    reject: false,
    buffer: false,
    timeout: limitSeconds * 1000,
    // Who hands an interrupt on is alone to do so: the terminal's own would be the second one, at
    // which Pulumi leaves everything as it is.
    detached: interrupted !== undefined,
  });
  const interrupt = (): void => void child.kill("SIGINT");
  interrupted?.addEventListener("abort", interrupt);
  const events: TimedEvent[] = [];
  const said: string[] = [];
  const read = async (stream: "stdout" | "stderr") => {
    for await (const line of child.iterable({ from: stream })) {
      const at = (performance.now() - begin) / 1000;
      const event = eventIn(line);
      if (event) {
        events.push({ at, event });
        onEvent?.(event);
      } else {
        said.push(line);
        onLine?.(line);
      }
    }
  };
  const all = Promise.all([child, read("stdout"), read("stderr")]);
  const [{ exitCode }] = await all.finally(() =>
    interrupted?.removeEventListener("abort", interrupt),
  );
  const seconds = (performance.now() - begin) / 1000;
  if (exitCode === 0) return { seconds, events };
  const diagnostics = events.map(({ event }) => diagnosticOf(event)).filter((text) => text !== "");
  const tail = [...said, ...diagnostics].slice(-15).join("\n");
  const message = `"pulumi ${args.join(" ")}" failed:\n${tail}${fullStateHint(tail)}`;
  throw new HostError("HL-PULUMI", "this computer", message);
}

/** Undefined for any other line: a torn one, too, as of a plugin that has words of its own. */
function eventIn(line: string): PulumiEvent | undefined {
  return line.startsWith("{") ? (jsonIn(line) as PulumiEvent | undefined) : undefined;
}

function diagnosticOf({ diagnosticEvent }: PulumiEvent): string {
  return diagnosticEvent?.severity.includes("error") ? diagnosticEvent.message : "";
}
