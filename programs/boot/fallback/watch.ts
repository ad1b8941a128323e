// Puts back by itself what a deployment broke of the services by which the host is reached, when the
// deployer does not come back (ADR 0035). Looks now and then; while nothing is armed, for two files.
import { statSync } from "node:fs";
import type { Armed, ArmedService } from "../../../model/fallback.ts";
import { deployState, DEPLOYING, MAINTENANCE } from "../../../model/paths.ts";
import type { Line } from "../line.ts";
import { maintenanceAt } from "../pause.ts";
import { wait as delay } from "../wait.ts";
import { Containers, Refused, type AskedEngine } from "./containers.ts";
import { decide, isBroken, type Seen } from "./decide.ts";
import { sightOf } from "./inspected.ts";
import { KeptOnDisk, type Acting } from "./kept.ts";
import { begin, CannotGoBack, goOn, noted, type Outcome, type PutBackWorld } from "./put-back.ts";

/** Pause between two looks. */
const LOOK_MS = 15_000;

/** What the engine refuses is tried so often, then the host leaves things as they are. */
const MOST_TRIES = 5;

/** A service that is put back without being armed any more has so long to be healthy. */
const DEADLINE_SECONDS = 180;

/** What the watch needs. */
export interface FallbackSurroundings {
  readonly engine: AskedEngine;
  readonly write: (line: Line) => void;
  /** Whether the boot is over, so that what does not run is not just about to. */
  readonly isSettled: () => boolean;
  /** @default the host's */
  readonly kept?: KeptOnDisk;
  /** Files by which a deployer says that it is at work. @default mark and lock of the host */
  readonly signs?: readonly string[];
  /** Whether a person works on the host. @default asks the host's mark */
  readonly isMaintained?: () => boolean;
  /** Seconds of a clock that nobody sets. @default since the program began */
  readonly seconds?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Watches until the signal ends it. */
export class FallbackWatch {
  readonly #around: Required<FallbackSurroundings>;
  readonly #containers: Containers;
  readonly #kept: KeptOnDisk;
  readonly #signal: AbortSignal;
  /** What was seen of who is at work, and since when nothing of it changed. */
  #quiet: { readonly seen: string; readonly since: number } | undefined;
  /** Looks in a row that ended with an error. */
  #tries = 0;
  #told = "";

  constructor(around: FallbackSurroundings, signal: AbortSignal) {
    this.#around = {
      kept: new KeptOnDisk(),
      signs: [DEPLOYING, `${deployState()}/lock`],
      isMaintained: () => maintenanceAt(Date.now(), MAINTENANCE) !== undefined,
      seconds: () => performance.now() / 1000,
      wait: delay,
      ...around,
    };
    this.#containers = new Containers(around.engine);
    this.#kept = this.#around.kept;
    this.#signal = signal;
  }

  /** Looks again and again; never throws. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      await this.look();
      // What is refused again and again is asked for less often.
      await this.#around.wait(LOOK_MS * Math.min(this.#tries + 1, MOST_TRIES), this.#signal);
    }
  }

  /** One look, and what follows from it; never throws. */
  async look(): Promise<void> {
    if (!this.#around.isSettled()) {
      this.#quiet = undefined;
      return;
    }
    try {
      const acting = this.#kept.acting();
      if (acting) await this.#goOn(acting);
      else await this.#judge();
      this.#tries = 0;
      this.#told = "";
    } catch (error) {
      this.#tries += 1;
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== this.#told) this.#tell("warning", `${reason}; it is tried again`);
      this.#told = reason;
    }
  }

  async #judge(): Promise<void> {
    const armed = this.#kept.armed();
    if (armed === undefined) {
      this.#quiet = undefined;
      return;
    }
    const looks = new Map<string, Seen & { readonly id: string }>();
    for (const { name } of armed.services) looks.set(name, await this.#lookAt(name));
    const decision = decide({
      armed,
      quietSeconds: this.#quietSeconds(
        armed,
        [...looks.values()].map(({ id }) => id),
      ),
      maintained: this.#around.isMaintained(),
      seen: looks,
    });
    if (decision.kind === "disarm") {
      this.#tell(
        "info",
        `nobody confirmed the deployment ${armed.run}, and all it is reached by is well`,
      );
      this.#kept.clear();
    }
    if (decision.kind !== "act") return;
    for (const { name, refused } of decision.left) {
      await this.#leave(name, whyOf(armed, looks.get(name)), refused ?? "");
    }
    const atWork = this.#whoIsAtWork();
    for (const service of decision.back) {
      await this.#putBack(armed, service);
      // It took a while: whoever began meanwhile has the others, and what is kept, for its own.
      if (this.#whoIsAtWork() !== atWork) return;
    }
    // Those that were broken are settled, and the others well.
    this.#kept.clear();
  }

  async #lookAt(service: string): Promise<Seen & { readonly id: string }> {
    const container = await this.#containers.inspect(service);
    const id = container?.Id ?? "none";
    const isKept = id === this.#kept.container(service)?.container.Id;
    return { sight: sightOf(container), isKept, id };
  }

  /** For how long nobody has been at work, counted by this program alone: a clock may be set. */
  #quietSeconds(armed: Armed, ids: readonly string[]): number {
    const seen = JSON.stringify([armed, ids, this.#whoIsAtWork()]);
    const now = this.#around.seconds();
    if (this.#quiet?.seen !== seen) this.#quiet = { seen, since: now };
    return now - this.#quiet.since;
  }

  /** Another text whenever somebody began, goes on, or ended. */
  #whoIsAtWork(): string {
    const signs = this.#around.signs.map((path) => {
      const facts = statSync(path, { throwIfNoEntry: false });
      return facts === undefined ? "none" : [facts.ino, facts.mtimeMs, facts.ctimeMs].join(" ");
    });
    return JSON.stringify([signs, this.#around.isMaintained()]);
  }

  /** Only if it is still broken: it may have been so only for another. */
  async #putBack(armed: Armed, { name, deadlineSeconds }: ArmedService): Promise<void> {
    const look = await this.#lookAt(name);
    if (!isBroken(look)) return;
    const why = whyOf(armed, look);
    const acting = await this.#begin({ run: armed.run, service: name, why });
    if (acting === undefined) return;
    this.#tell("warning", `${name} is ${why}; it is put back`);
    this.#end(await goOn(this.#world(), acting, deadlineSeconds));
  }

  /** Undefined where nothing can be put back. */
  async #begin(what: Pick<Acting, "run" | "service" | "why">): Promise<Acting | undefined> {
    try {
      return await begin(this.#world(), what);
    } catch (error) {
      const isOver = error instanceof CannotGoBack || this.#isGivenUp(error);
      if (!isOver) throw error;
      await this.#leave(what.service, what.why, (error as Error).message);
      return undefined;
    }
  }

  /** What was begun is ended, also by the program that comes after one that was killed. */
  async #goOn(acting: Acting): Promise<void> {
    const armed = this.#kept.armed()?.services.find(({ name }) => name === acting.service);
    try {
      this.#end(await goOn(this.#world(), acting, armed?.deadlineSeconds ?? DEADLINE_SECONDS));
    } catch (error) {
      if (acting.goes !== "back" || !this.#isGivenUp(error)) throw error;
      this.#tell("warning", `${acting.service}: ${error.message}; all is left as it was`);
      this.#kept.act({ ...acting, goes: "undo" });
    }
  }

  /** Whether the engine refused often enough. One that does not answer is waited for. */
  #isGivenUp(error: unknown): error is Refused {
    return error instanceof Refused && this.#tries + 1 >= MOST_TRIES;
  }

  async #leave(service: string, why: string, because: string): Promise<void> {
    const words = `not put back (${why}): ${because}`;
    this.#end(await noted(this.#world(), service, false, words));
  }

  #world(): PutBackWorld {
    const wait = (ms: number): Promise<void> => this.#around.wait(ms, this.#signal);
    return { containers: this.#containers, kept: this.#kept, wait, now: () => new Date() };
  }

  #end({ service, words }: Outcome): void {
    this.#tell("warning", `${service}: ${words}`);
  }

  #tell(level: Line["level"], text: string): void {
    this.#around.write({ level, text, fields: { event: "fallback" } });
  }
}

/** In words, why the host acts. */
function whyOf({ run, quietSeconds }: Armed, seen: Seen | undefined): string {
  const quiet = `nobody came back to the deployment ${run} for ${quietSeconds} s`;
  return `${seen?.sight ?? "broken"}, and ${quiet}`;
}
