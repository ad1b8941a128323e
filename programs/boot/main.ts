// The program that runs on a host: brings up what the host plan says, in its order. It reads that
// one file, talks to the Docker engine, and needs no network.
import { unlinkSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { BOOT_JOIN, BOOT_PERMIT } from "../../model/boot.ts";
import { UserError } from "../../model/errors.ts";
import type { HostPlan } from "../../model/host-plan.ts";
import { BOOT_RECORD_FILE } from "../../model/paths.ts";
import { BootRecorder, pendingIn } from "./boot-record.ts";
import type { BootState } from "./boot-state.ts";
import { Engine } from "./engine.ts";
import { Acting } from "./foot/acting.ts";
import { Containers } from "./fallback/containers.ts";
import { keepServices } from "./fallback/keep.ts";
import { KeptOnDisk } from "./fallback/kept.ts";
import { FallbackWatch } from "./fallback/watch.ts";
import { Foot } from "./foot/foot.ts";
import { bootId, buildOf } from "./foot/whence.ts";
import { watchGate } from "./gates.ts";
import { readPlan, watchPlan } from "./host-plan-file.ts";
import { Journal, lineWriter, planLines, type Writer } from "./journal.ts";
import type { Line } from "./line.ts";
import { isBlindTo } from "./mount-view.ts";
import { renewMount, watchMount } from "./mounts.ts";
import { notifyReady } from "./notify.ts";
import { isPaused } from "./pause.ts";
import { bringUp, stay } from "./run.ts";
import { ENGINE_WAIT_SECONDS, longestRunSeconds, startPlan, type StartPlan } from "./start-plan.ts";
import type { StayingSurroundings } from "./surroundings.ts";

/** Exit codes, as README.md lists them. */
const EXIT = { allHealthy: 0, somethingFailed: 1, badInput: 2 } as const;

/** More at once only take each other's time, and those that others wait for come later. */
const STARTS_PER_PROCESSOR = 2;

/** Before an engine that went away is looked for again, so that one that goes at once costs little. */
const ENGINE_AWAY_MS = 1000;

const USAGE =
  "usage: boot-orchestrator [--plan | --once] [--json] [<host>] | --keep-fallback <host> <service>…";

async function main(argv: readonly string[], write: (text: string) => void): Promise<number> {
  const style = argv.includes("--json")
    ? "json"
    : process.env["JOURNAL_STREAM"]
      ? "journal"
      : "text";
  const writer = lineWriter(write, style);
  try {
    const { printOnly, once, host, kept } = readArguments(argv);
    if (kept) return await keepFallback(host ?? "", kept, write);
    const { plan, ignored } = await readPlan(host);
    if (ignored.length > 0) writer(passedOver(plan.host, ignored));
    if (once) return await orchestrate(plan, writer);
    if (!printOnly) return await orchestrateForGood(plan, writer);
    planLines(startPlan(plan), longestRunSeconds(plan)).forEach(writer);
    return EXIT.allHealthy;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const text = error instanceof UserError ? `${reason}. What runs was left alone` : reason;
    writer({ level: "error", text, fields: { event: "error" } });
    return error instanceof UserError ? EXIT.badInput : EXIT.somethingFailed;
  }
}

interface Arguments {
  readonly printOnly: boolean;
  readonly once: boolean;
  readonly host: string | undefined;
  /** Services that are to be kept before a deployment; undefined for any other run. */
  readonly kept: readonly string[] | undefined;
}

function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        plan: { type: "boolean" },
        once: { type: "boolean" },
        json: { type: "boolean" },
        "keep-fallback": { type: "boolean" },
      },
      allowPositionals: true,
    });
    const [host, ...services] = positionals;
    const kept = values["keep-fallback"] ? services : undefined;
    if (kept === undefined && services.length > 0) throw new Error("more than one host");
    return { printOnly: values.plan ?? false, once: values.once ?? false, host, kept };
  } catch (error) {
    throw new UserError("HL-USAGE", `${error instanceof Error ? error.message : ""}; ${USAGE}`);
  }
}

function passedOver(host: string, ignored: readonly string[]): Line {
  return {
    level: "warning",
    text: `the plan comes from a newer commit than this program; passed over: ${ignored.join(", ")}. To bring them together: pulumi up -s ${host}`,
    fields: { event: "newer-plan", ignored },
  };
}

/** What a deployer asks for before it touches anything; one line of JSON answers it. */
async function keepFallback(
  host: string,
  services: readonly string[],
  write: (text: string) => void,
): Promise<number> {
  try {
    const containers = new Containers(new Engine(host));
    const kept = await keepServices(services, containers, new KeptOnDisk(), (ms) => delay(ms));
    write(`${JSON.stringify(kept)}\n`);
    return EXIT.allHealthy;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.somethingFailed;
  }
}

/** Runs to the end of the boot, and answers how it went. */
async function orchestrate(hostPlan: HostPlan, writer: Writer): Promise<number> {
  const engine = new Engine(hostPlan.host);
  await engine.waitUntilReady(ENGINE_WAIT_SECONDS);
  const begin = performance.now();
  const journal = new Journal(writer);
  const end = await bringUp(planOf(hostPlan), {
    engine,
    watchGate: (gate, onVerdict, signal) => watchGate(gate, onVerdict, signal),
    isBlindTo,
    observe: (before, after, seconds) => journal.observe(before, after, seconds),
  });
  journal.summary(end, (performance.now() - begin) / 1000);
  const good = [...end.services.values()].every(({ at }) => at === "healthy" || at === "completed");
  return good ? EXIT.allHealthy : EXIT.somethingFailed;
}

/**
 * Boots, unless it comes after the boot, and stays: whenever the engine went away and came back, it
 * is like a boot. Never returns.
 */
async function orchestrateForGood(first: HostPlan, writer: Writer): Promise<never> {
  const engine = new Engine(first.host);
  // An engine that is not there yet has started nothing: that is a boot.
  const joins = isToJoin() && (await engine.answers());
  let pending = joins ? pendingIn(BOOT_RECORD_FILE) : undefined;
  const tellControlPlane = controlPlaneOf(first.host, engine, writer);
  let isSettled = false;
  const fallback = { engine, write: writer, isSettled: () => isSettled };
  void new FallbackWatch(fallback, new AbortController().signal).run();
  for (let hostPlan = first; ; hostPlan = (await readPlan(first.host)).plan) {
    await engine.waitUntilReady(ENGINE_WAIT_SECONDS);
    // An engine that starts takes it away; the unit makes it only when the unit itself starts.
    await writePermit();
    const journal = new Journal(writer, true);
    const record = new BootRecorder(BOOT_RECORD_FILE, hostPlan.host, (reason) =>
      writer({
        level: "warning",
        text: `cannot write ${BOOT_RECORD_FILE}: ${reason}. What is started does not depend on it`,
        fields: { event: "no-record", reason },
      }),
    );
    const isJoining = pending !== undefined;
    const around: StayingSurroundings = {
      engine,
      watchGate: (gate, onVerdict, signal, pace) =>
        watchGate(gate, onVerdict, signal, undefined, pace),
      isBlindTo,
      observe: (before, after, seconds) => {
        journal.observe(before, after, seconds);
        record.observe(after);
        tellControlPlane(after, seconds);
      },
      settled: (end, seconds) => {
        if (isJoining) journal.joined(end);
        else journal.summary(end, seconds);
        record.settled(end);
        isSettled = true;
        notifyReady(statusOf(end));
      },
      isPaused,
      watchMount: (path, watcher, signal) => watchMount(path, watcher, signal),
      renewMount: (path, signal) => renewMount(path, signal),
      watchPlan: (onPlan, signal) => watchPlan(hostPlan, planOf, onPlan, signal),
    };
    await stay(planOf(hostPlan), around, pending);
    pending = undefined;
    isSettled = false;
    writer({
      level: "warning",
      text: "the engine went away; everything is started in order when it answers again",
      fields: { event: "engine-away" },
    });
    await delay(ENGINE_AWAY_MS);
  }
}

/**
 * Tells the Observer what is seen, and fetches from the Executor what was approved, until the program
 * ends; each where there are settings for it. Answers whom to tell each state.
 */
function controlPlaneOf(
  host: string,
  engine: Engine,
  write: Writer,
): (state: BootState, seconds: number) => void {
  const plan = async () => (await readPlan(host)).plan;
  const build = buildOf(process.argv[1]);
  const foot = new Foot({ host, build, boot: bootId(), engine, plan, write });
  const acting = new Acting({ host, engine, plan, write, acted: () => foot.lookAnew() });
  const { signal } = new AbortController();
  void foot.run(signal);
  void acting.run(signal);
  return (state, seconds) => {
    foot.observe(state, seconds);
    acting.observe(state);
  };
}

/** Whether a deployment started the unit, or systemd after it was killed; each is so only once. */
function isToJoin(): boolean {
  try {
    unlinkSync(BOOT_JOIN);
    return true;
  } catch {
    return false;
  }
}

function planOf(hostPlan: HostPlan): StartPlan {
  return startPlan(hostPlan, { startsAtOnce: STARTS_PER_PROCESSOR * cpus().length });
}

function statusOf({ services }: BootState): string {
  const good = [...services.values()].filter(({ at }) => at === "healthy" || at === "completed");
  return `${good.length} of ${services.size} services healthy; see ${BOOT_RECORD_FILE}`;
}

async function writePermit(): Promise<void> {
  await mkdir(dirname(BOOT_PERMIT), { recursive: true });
  await writeFile(BOOT_PERMIT, "");
}

// Not process.exit at once: the last lines may still be on their way through a pipe. A probe that
// hangs on a dead mount must not keep the process alive either.
void main(process.argv.slice(2), (text) => void process.stdout.write(text)).then((code) => {
  process.exitCode = code;
  process.stdout.write("", () => process.exit(code));
});
