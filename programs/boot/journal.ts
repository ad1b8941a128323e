import type { BootState, ServiceState, StartingState } from "./boot-state.ts";
import type { Level, Line } from "./line.ts";
import { lineAfterBoot } from "./staying-lines.ts";
import type { StartPlan, Wait } from "./start-plan.ts";

/** Where lines go. */
export type Writer = (line: Line) => void;

const PRIORITY: Readonly<Record<Level, number>> = { info: 6, warning: 4, error: 3 };

/**
 * Writes lines to a stream: one JSON object each, or text; the journal reads the level from a
 * prefix.
 */
export function lineWriter(
  write: (text: string) => void,
  style: "text" | "journal" | "json",
): Writer {
  return ({ level, text, fields }) => {
    if (style === "json") write(`${JSON.stringify({ level, ...fields, text })}\n`);
    else if (style === "journal") write(`<${PRIORITY[level]}>${text}\n`);
    else write(`${text}\n`);
  };
}

/** Says what changed between two states: one line for each service, gate and stop. */
export class Journal {
  readonly #write: Writer;
  readonly #stays: boolean;
  /** How each service was started, kept from its start until it is over. */
  readonly #starts = new Map<string, StartingState>();
  #stops = 0;

  /** @param stays whether what is held back will start by itself. @default false */
  constructor(write: Writer, stays = false) {
    this.#write = write;
    this.#stays = stays;
  }

  /** Writes the lines that a step deserves. */
  observe(before: BootState, after: BootState, seconds: number): void {
    for (const [name, gate] of after.gates) {
      this.#mountLeftAlone(before, after, name);
      const was = before.gates.get(name)?.at;
      if (gate.at === was) continue;
      if (gate.at === "stale") this.#mountStale(name, gate.seen);
      // One that was closed before its mount was renewed is so until it is looked at.
      if (was === "stale" && gate.at === "closed") continue;
      if (gate.at === "open") this.#gateOpen(name, gate.since);
      if (gate.at === "shut" || gate.at === "closed") this.#gateClosed(after.plan, name, gate);
    }
    for (const [name, service] of after.services) {
      const was = before.services.get(name);
      if (!was || was === service) continue;
      if (!after.staying) {
        this.#service(name, was, service, seconds);
        continue;
      }
      const line = lineAfterBoot(name, was, service);
      if (line) this.#write(line);
    }
  }

  /** Writes the summary. */
  summary(state: BootState, seconds: number): void {
    const all = [...state.services];
    const named = (at: ServiceState["at"]) =>
      all.filter(([, s]) => s.at === at).map(([name]) => name);
    const [failed, held] = [named("failed"), named("held")];
    const good = all.length - failed.length - held.length;
    const closed = [...state.gates]
      .filter(([, gate]) => gate.at === "shut" || gate.at === "closed")
      .map(([name]) => name);
    const parts = [
      `${good} of ${all.length} services healthy ${seconds.toFixed(1)} s after the engine answered`,
      ...(this.#stops > 0 ? [`${this.#stops} stopped first`] : []),
      ...(failed.length > 0 ? [`failed: ${failed.join(", ")}`] : []),
      ...(held.length > 0 ? [`not started: ${held.join(", ")}`] : []),
      ...(closed.length > 0 ? [`closed: ${closed.join(", ")}`] : []),
    ];
    this.#write({
      level: good === all.length ? "info" : "error",
      text: parts.join("; "),
      fields: {
        event: "summary",
        healthy: good,
        services: all.length,
        seconds: round(seconds),
        stopped: this.#stops,
        failed,
        held,
        closed,
      },
    });
  }

  /** Says what was found by a run that began after the boot. */
  joined(state: BootState): void {
    const all = [...state.services];
    const healthy = all.filter(([, { at }]) => at === "healthy" || at === "completed").length;
    const others = all.flatMap(([name, { at }]) =>
      at === "healthy" || at === "completed" ? [] : [`${name} ${at}`],
    );
    this.#write({
      level: "info",
      text: [
        `watching from now on; ${healthy} of ${all.length} services healthy`,
        ...(others.length > 0 ? [`left as they are: ${others.join(", ")}`] : []),
      ].join("; "),
      fields: { event: "joined", healthy, services: all.length },
    });
  }

  #gateOpen(name: string, since: number): void {
    const text = `${name}: open after ${since.toFixed(1)} s`;
    this.#write({
      level: "info",
      text,
      fields: { event: "gate", gate: name, open: true, seconds: round(since) },
    });
  }

  #gateClosed(plan: StartPlan, name: string, gate: { at: "shut" | "closed"; seen: string }): void {
    const planned = plan.gates.get(name);
    const limit = planned?.limitSeconds ?? 0;
    const final = gate.at === "closed";
    const then = this.#stays
      ? "who waits for it then starts by itself"
      : "then: systemctl restart docker-boot-orchestrator";
    this.#write({
      level: "warning",
      text: final
        ? `${name}: stayed closed for ${limit} s: ${gate.seen}. What to do: ${planned?.remedy ?? ""}; ${then}`
        : `${name}: closed, waiting up to ${limit} s: ${gate.seen}`,
      fields: {
        event: "gate",
        gate: name,
        open: false,
        final,
        limitSeconds: limit,
        seen: gate.seen,
        remedy: planned?.remedy,
      },
    });
  }

  #mountStale(name: string, seen: string): void {
    this.#write({
      level: "warning",
      text: `${name}: its mount is stale, and is mounted anew once who runs above it has stopped: ${seen}`,
      fields: { event: "mount-stale", gate: name, seen },
    });
  }

  #mountLeftAlone(before: BootState, { mounts, plan }: BootState, name: string): void {
    const mount = mounts.get(name);
    if (!mount?.leftAlone || before.mounts.get(name)?.leftAlone) return;
    const { seen } = mount;
    this.#write({
      level: "error",
      text: `${name}: its mount ${seen}. What to do: ${plan.gates.get(name)?.remedy ?? ""}`,
      fields: { event: "mount-left-alone", gate: name, seen },
    });
  }

  #service(name: string, was: ServiceState, is: ServiceState, seconds: number): void {
    switch (is.at) {
      case "stopping":
        this.#stops += 1;
        this.#say(
          "warning",
          name,
          "stop",
          "ran before its time, was unhealthy, or does not see a mount; stopping it",
          {},
        );
        break;
      case "healthy":
      case "completed":
        if (is.at === "healthy" && is.kept)
          this.#say("info", name, "kept", "ran already, left alone", {});
        else this.#up(name, is.at, seconds);
        break;
      case "failed":
        this.#say("error", name, "failed", `failed: ${is.reason}`, {
          reason: is.reason,
          ...this.#times(name, seconds),
        });
        break;
      case "held":
        this.#say("error", name, "held", `not started, because it cannot run without ${is.by}`, {
          by: is.by,
        });
        break;
      case "starting":
        this.#starts.set(name, is);
        if (was.at === "starting" && is.crashes > was.crashes) {
          const text = `crashed (${is.crashes}); the engine starts it again`;
          this.#say("warning", name, "crash", text, {});
        }
        break;
      case "unseen":
      case "running":
      case "doomed":
      case "waiting":
      case "crashed":
      case "stopped":
        break;
    }
  }

  #up(name: string, outcome: "healthy" | "completed", seconds: number): void {
    const start = this.#starts.get(name);
    const times = this.#times(name, seconds);
    const waited =
      times.waitedFor === undefined
        ? `waited ${times.waitSeconds.toFixed(1)} s`
        : `waited ${times.waitSeconds.toFixed(1)} s for ${times.waitedFor}`;
    const missing = start?.without.length ? ` (started without ${start.without.join(", ")})` : "";
    const text = `${outcome} ${times.startSeconds.toFixed(1)} s after its start; ${waited}${missing}`;
    const level = missing === "" ? "info" : "warning";
    this.#say(level, name, outcome, text, { ...times, without: start?.without ?? [] });
  }

  /** How long it waited, for what, and how long it took from its start until now. */
  #times(name: string, seconds: number) {
    const start = this.#starts.get(name);
    const startedAt = start?.startedAt ?? seconds;
    const met = Object.entries(start?.trace ?? {}).sort(([, a], [, b]) => b - a);
    const last =
      start?.without.length && startedAt > (met[0]?.[1] ?? 0) ? start.without.at(-1) : met[0]?.[0];
    return {
      waitSeconds: round(startedAt),
      waitedFor: startedAt < 0.05 ? undefined : last,
      startSeconds: round(seconds - startedAt),
    };
  }

  #say(
    level: Level,
    name: string,
    event: string,
    text: string,
    fields: Record<string, unknown>,
  ): void {
    this.#write({ level, text: `${name}: ${text}`, fields: { event, service: name, ...fields } });
  }
}

/** The start plan in lines: levels, and what each service waits for. */
export function planLines(plan: StartPlan, longestSeconds: number): Line[] {
  const lines = plan.levels.flatMap((names, level) =>
    names.map((name): Line => {
      const gate = plan.gates.get(name);
      const node = plan.services.get(name);
      const waits = node?.waits.map((wait) => waitText(wait));
      const elsewhere = node?.elsewhere.map((on) => `${on} (elsewhere, not waited for)`) ?? [];
      const after = [...(waits ?? []), ...elsewhere];
      const tail = gate
        ? `, at most ${gate.limitSeconds} s`
        : after.length > 0
          ? ` after ${after.join(", ")}`
          : "";
      const fields = gate
        ? { gate: name, limitSeconds: gate.limitSeconds }
        : { service: name, waits: node?.waits, elsewhere: node?.elsewhere };
      return {
        level: "info",
        text: `${level + 1}  ${name}${tail}`,
        fields: { event: "plan", step: level + 1, ...fields },
      };
    }),
  );
  const text = `${plan.services.size} services in ${plan.levels.length} levels on ${plan.host}; ends within ${longestSeconds} s at the latest`;
  return [...lines, { level: "info", text, fields: { event: "plan-summary", longestSeconds } }];
}

function waitText({ on, condition, hard, limitSeconds }: Wait): string {
  const state = on.startsWith("gate:") ? "open" : condition;
  return `${on} (${state}${hard ? "" : `, at most ${limitSeconds} s`})`;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
