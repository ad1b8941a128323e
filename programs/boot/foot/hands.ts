// What this host does with an order that was checked: four verbs, each about a name of its own plan.
import type { Act, Hands } from "../../../control-plane/actor/carry-out.ts";
import type { Order } from "../../../control-plane/contract/order.ts";
import { gateProbe } from "../../../model/gate-script.ts";
import type { BootState } from "../boot-state.ts";
import type { Engine } from "../engine.ts";
import { mountStart, renewMount } from "../mounts.ts";
import { runShell } from "../shell.ts";
import { wait } from "../wait.ts";

/** What hands need. */
export interface HandsSurroundings {
  readonly engine: Pick<Engine, "get" | "post">;
  /** Undefined while the host boots. */
  readonly state: () => BootState | undefined;
  /** Runs a shell script, see `runShell`. */
  readonly run?: typeof runShell;
  /** How often it is looked whether a copy is made. @default 2 s */
  readonly copyLookMs?: number;
}

/** A container that takes longer than its grace and this to come to an end or to start hangs. */
const ENGINE_MARGIN_MS = 60_000;
const MOUNT_LIMIT_MS = 30_000;
/** The Executor waits six hours for an end. */
const COPY_LIMIT_MS = 5.5 * 3600_000;
const EXEC_LIMIT_MS = 30_000;
/** The program of every backup sidecar, which its crond starts too. */
const COPY_PROGRAM = "/backup.sh";

/** The hands of a host. @param signal ends what can be ended */
export function handsOf(around: HandsSurroundings, signal: AbortSignal): Hands {
  const { engine } = around;
  const elsewhere = ({ verb }: Order): Promise<Act> =>
    Promise.resolve({ ok: false, said: `this host does not do ${verb}` });
  return {
    start: async ({ target }) => {
      const path = `/containers/${target}/start`;
      return done("start", target, await engine.post(path, ENGINE_MARGIN_MS));
    },
    restart: async ({ target }) => {
      const seconds = around.state()?.plan.services.get(target)?.stopGraceSeconds ?? 10;
      const path = `/containers/${target}/restart?t=${seconds}`;
      return done("restart", target, await engine.post(path, seconds * 1000 + ENGINE_MARGIN_MS));
    },
    remount: ({ target }) => remount(target, around, signal),
    "run-backup": ({ target }) => copy(target, around, signal),
    "redeploy-service": elsewhere,
    "deploy-host": elsewhere,
    "roll-back": elsewhere,
    "restore-copy": elsewhere,
    "update-image": elsewhere,
  };
}

function done(
  what: string,
  target: string,
  { status, text }: { status: number; text: string },
): Act {
  // 304: it is so already.
  const ok = status === 204 || status === 304;
  return ok
    ? { ok, said: `the engine did ${what} ${target}` }
    : { ok, said: `docker ${what} ${target}: status ${status}: ${text.trim()}` };
}

/** A mount that is not there, or is stale; who waits for it starts when the gate is seen to be open. */
async function remount(
  target: string,
  { state, run = runShell }: HandsSurroundings,
  signal: AbortSignal,
): Promise<Act> {
  const condition = state()?.plan.gates.get(`gate:${target}`)?.condition;
  if (condition?.kind !== "mount") return { ok: false, said: `${target} is no mount` };
  await renewMount(condition.path, signal, run);
  await run(mountStart(condition.path), MOUNT_LIMIT_MS, signal);
  const { exitCode, output } = await run(gateProbe(condition), MOUNT_LIMIT_MS, signal);
  return exitCode === 0
    ? { ok: true, said: `${target} is mounted` }
    : { ok: false, said: `${target} is not mounted: ${output || "looking took too long"}` };
}

async function copy(
  target: string,
  { engine, copyLookMs = 2000 }: HandsSurroundings,
  signal: AbortSignal,
): Promise<Act> {
  const failed = (text: string): Act => ({ ok: false, said: `${target}: ${text.trim()}` });
  const made = await engine.post(`/containers/${target}/exec`, EXEC_LIMIT_MS, {
    Cmd: [COPY_PROGRAM],
  });
  if (made.status !== 201) return failed(`no copy was begun: ${made.text}`);
  const { Id: id } = JSON.parse(made.text) as { readonly Id: string };
  const begun = await engine.post(`/exec/${id}/start`, EXEC_LIMIT_MS, { Detach: true });
  if (begun.status !== 200) return failed(`no copy was begun: ${begun.text}`);
  const until = performance.now() + COPY_LIMIT_MS;
  while (!signal.aborted && performance.now() < until) {
    await wait(copyLookMs, signal);
    const { status, text } = await engine.get(`/exec/${id}/json`, EXEC_LIMIT_MS);
    if (status !== 200) return failed(`nobody knows how the copy ended: ${text}`);
    const { Running, ExitCode } = JSON.parse(text) as { Running: boolean; ExitCode: number | null };
    if (Running) continue;
    if (ExitCode === 0) return { ok: true, said: `${target} made a copy` };
    return failed(`its copy ended with exit code ${ExitCode ?? "unknown"}`);
  }
  return failed("its copy did not end in time");
}
