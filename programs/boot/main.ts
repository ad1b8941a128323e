// The program that runs on a host: brings up what the host plan says, in its order. It reads that
// one file, talks to the Docker engine, and needs no network.
import { readdir, readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../model/errors.ts";
import { parsePlan, type HostPlan, type ReadPlan } from "../../model/host-plan.ts";
import { desiredPlan } from "../../model/paths.ts";
import { Engine } from "./engine.ts";
import { watchGate } from "./gates.ts";
import { Journal, lineWriter, planLines, type Line, type Writer } from "./journal.ts";
import { isBlindTo } from "./mount-view.ts";
import { bringUp } from "./run.ts";
import { ENGINE_WAIT_SECONDS, longestRunSeconds, startPlan } from "./start-plan.ts";

/** Exit codes, as README.md lists them. */
const EXIT = { allHealthy: 0, somethingFailed: 1, badInput: 2 } as const;

/** More at once only take each other's time, and those that others wait for come later. */
const STARTS_PER_PROCESSOR = 2;

const USAGE = "usage: boot-orchestrator [--plan] [--json] [<host>]";

async function main(argv: readonly string[], write: (text: string) => void): Promise<number> {
  const style = argv.includes("--json")
    ? "json"
    : process.env["JOURNAL_STREAM"]
      ? "journal"
      : "text";
  const writer = lineWriter(write, style);
  try {
    const { printOnly, host } = readArguments(argv);
    const { plan, ignored } = await readPlan(host);
    if (ignored.length > 0) writer(passedOver(plan.host, ignored));
    if (!printOnly) return await orchestrate(plan, writer);
    planLines(startPlan(plan), longestRunSeconds(plan)).forEach(writer);
    return EXIT.allHealthy;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const text = error instanceof UserError ? `${reason}. What runs was left alone` : reason;
    writer({ level: "error", text, fields: { event: "error" } });
    return error instanceof UserError ? EXIT.badInput : EXIT.somethingFailed;
  }
}

function readArguments(argv: readonly string[]): { printOnly: boolean; host: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { plan: { type: "boolean" }, json: { type: "boolean" } },
      allowPositionals: true,
    });
    if (positionals.length > 1) throw new Error("more than one host");
    return { printOnly: values.plan ?? false, host: positionals[0] };
  } catch (error) {
    throw new UserError("HL-USAGE", `${error instanceof Error ? error.message : ""}; ${USAGE}`);
  }
}

async function readPlan(host: string | undefined): Promise<ReadPlan> {
  const path = host === undefined ? await onlyPlan() : desiredPlan(host);
  const text = await readFile(path, "utf8").catch(() => {
    throw new UserError(
      "HL-PLAN",
      `there is no plan at ${path}; deploy the host: pulumi up -s <host>`,
    );
  });
  return parsePlan(text, path);
}

function passedOver(host: string, ignored: readonly string[]): Line {
  return {
    level: "warning",
    text: `the plan comes from a newer commit than this program; passed over: ${ignored.join(", ")}. To bring them together: pulumi up -s ${host}`,
    fields: { event: "newer-plan", ignored },
  };
}

async function onlyPlan(): Promise<string> {
  const folder = dirname(desiredPlan("any"));
  const plans = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const [only] = plans;
  if (plans.length === 1 && only !== undefined) return join(folder, only);
  const names = plans.map((name) => basename(name, ".json")).join(", ") || "none";
  throw new UserError("HL-PLAN", `${folder} should hold one plan; it holds ${names}. ${USAGE}`);
}

async function orchestrate(hostPlan: HostPlan, writer: Writer): Promise<number> {
  const plan = startPlan(hostPlan, { startsAtOnce: STARTS_PER_PROCESSOR * cpus().length });
  const engine = new Engine(plan.host);
  await engine.waitUntilReady(ENGINE_WAIT_SECONDS);
  const begin = performance.now();
  const journal = new Journal(writer);
  const end = await bringUp(plan, {
    engine,
    watchGate,
    isBlindTo,
    observe: (before, after, seconds) => journal.observe(before, after, seconds),
  });
  journal.summary(end, (performance.now() - begin) / 1000);
  const good = [...end.services.values()].every(({ at }) => at === "healthy" || at === "completed");
  return good ? EXIT.allHealthy : EXIT.somethingFailed;
}

// Not process.exit at once: the last lines may still be on their way through a pipe. A probe that
// hangs on a dead mount must not keep the process alive either.
void main(process.argv.slice(2), (text) => void process.stdout.write(text)).then((code) => {
  process.exitCode = code;
  process.stdout.write("", () => process.exit(code));
});
