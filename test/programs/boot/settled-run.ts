import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BootRecorder } from "../../../programs/boot/boot-record.ts";
import { Engine } from "../../../programs/boot/engine.ts";
import type { Pace, Verdict } from "../../../programs/boot/gates.ts";
import { Journal, lineWriter } from "../../../programs/boot/journal.ts";
import type { MountWatcher } from "../../../programs/boot/mounts.ts";
import { stay } from "../../../programs/boot/run.ts";
import type { StayingSurroundings } from "../../../programs/boot/surroundings.ts";
import type { StartPlan } from "../../../programs/boot/start-plan.ts";
import { parseBootRecord, type BootRecord } from "../../../model/boot-record.ts";
import { ImitatedEngine } from "./imitated-engine.ts";

const opened: ImitatedEngine[] = [];

/** Ends the engines of all hosts that were made. */
export function closeEngines(): void {
  opened.splice(0).forEach((engine) => engine.close());
}

/** A host whose boot has settled, and whose orchestrator stays. */
export async function settledHost(
  plan: StartPlan,
  containers: ConstructorParameters<typeof ImitatedEngine>[0],
  pending?: readonly string[],
) {
  const engine = new ImitatedEngine(containers);
  opened.push(engine);
  await engine.listen();
  const folder = mkdtempSync(join(tmpdir(), "boot-record-"));
  const record = new BootRecorder(join(folder, "boot.json"), "docker-vm", (reason) => {
    throw new Error(reason);
  });
  const lines: string[] = [];
  const journal = new Journal(
    lineWriter((text) => lines.push(text.trimEnd()), "text"),
    true,
  );
  const gates = new Map<string, { tell: (verdict: Verdict) => void; pace: () => Pace }>();
  const mounts = new Map<string, MountWatcher>();
  const renewed: string[] = [];
  const around = { paused: false, newPlan: (_plan: StartPlan): void => undefined };
  let over: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve) => {
    const surroundings: StayingSurroundings = {
      engine: new Engine("docker-vm", engine.socket),
      watchGate: (gate, tell, _signal, pace) => {
        gates.set(gate.name, { tell, pace });
        return new Promise(() => undefined);
      },
      isBlindTo: () => Promise.resolve(false),
      observe: (before, after, seconds) => {
        journal.observe(before, after, seconds);
        record.observe(after);
      },
      settled: (end, seconds) => {
        if (pending) journal.joined(end);
        else journal.summary(end, seconds);
        record.settled(end);
        resolve();
      },
      watchMount: (path, watcher) => {
        mounts.set(path, watcher);
        return new Promise(() => undefined);
      },
      renewMount: (path) => {
        renewed.push(path);
        return Promise.resolve();
      },
      isPaused: () => around.paused,
      watchPlan: (onPlan) => (around.newPlan = onPlan),
    };
    over = stay(plan, surroundings, pending);
  });
  const kept = (): BootRecord => {
    const read = parseBootRecord(readFileSync(join(folder, "boot.json"), "utf8"));
    if (!read) throw new Error("boot.json is not what its schema says");
    return read;
  };
  return { engine, gates, mounts, renewed, lines, around, over, kept, folder };
}
