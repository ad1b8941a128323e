import { setTimeout as sleep } from "node:timers/promises";
import type { BootRecord } from "../../model/boot-record.ts";
import { BOOT_UNIT } from "../../model/boot.ts";
import { HostError } from "../../model/errors.ts";
import type { HostPlan } from "../../model/host-plan.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { runThere, type HostShell } from "../staged/host-files.ts";
import { BOOT_LOOK, BOOT_SCRIPT, bootLookIn, type BootLook } from "./boot-look.ts";
import { changesIn, progressText } from "./boot-progress.ts";

/** How often the host is asked how far its boot is. */
const LOOK_MS = 1000;

/** So often it is said who is still to come. */
const SAY_MS = 10_000;

/** An engine that is to answer, and a program that is to begin, have this long. */
const LONGEST_BEGIN_MS = 180_000;

/** A host that is out of sight for longer is given up; its boot goes on all the same. */
const LONGEST_AWAY_MS = 60_000;

/** What is told of a boot while it is followed. */
export interface BootListener {
  /** A line about how far it is. */
  readonly progress: (text: string) => void;
  /** A service is up. */
  readonly up: (service: string) => void;
  /** A service was given up. */
  readonly failed: (service: string) => void;
}

/** What tells the time, in milliseconds, and waits. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const CLOCK: Clock = { now: () => Date.now(), sleep };

/** What is followed, and with what. */
export interface FollowArgs {
  readonly host: string;
  readonly shell: HostShell;
  readonly plan: HostPlan;
  /** Fires when a person wants it to end. */
  readonly interrupted: AbortSignal;
  readonly listener: BootListener;
  /** @default this computer's */
  readonly clock?: Clock;
}

/**
 * Has a host boot, unless it is just doing so, and follows that until it settled.
 * @returns the record that the boot left, however it ended
 * @throws HostError HL-DEPLOY-BOOT when the orchestrator does not come so far, HL-DEPLOY-INTERRUPTED,
 *   HL-UNREACHABLE, HL-HOST-SLOW
 */
export async function bootAndFollow(args: FollowArgs): Promise<BootRecord> {
  const { host, shell, listener } = args;
  const look = async () => bootLookIn(await runThere(host, shell, BOOT_LOOK, { what: "read" }));
  const first = await look();
  // A boot that is under way is followed: another one would begin everything anew.
  const isBooting = first.unit === "begins";
  if (isBooting) listener.progress("the host is booting already; that boot is followed");
  else await startBoot(host, shell);
  const { record } = first;
  const old = isBooting && record && !record.ended ? undefined : record?.began;
  return new Follow(args, look, old).toEnd();
}

async function startBoot(host: string, shell: HostShell): Promise<void> {
  const { exitCode, stderr } = await shell(BOOT_SCRIPT);
  if (exitCode === 0) return;
  const text = `${BOOT_UNIT} cannot be started: ${lastLine(stderr)}; where it was never installed, \`npx homelab deploy ${host}\` does that`;
  throw new HostError("HL-DEPLOY-BOOT", host, text);
}

class Follow {
  readonly #args: FollowArgs;
  readonly #look: () => Promise<BootLook>;
  readonly #old: string | undefined;
  #seen: BootRecord | undefined;
  readonly #clock: Clock;
  readonly #begin: number;
  #said: number;
  #awaySince: number | undefined;

  /** @param old when the boot before began; its record may lie there for a moment */
  constructor(args: FollowArgs, look: () => Promise<BootLook>, old: string | undefined) {
    this.#args = args;
    this.#look = look;
    this.#old = old;
    this.#clock = args.clock ?? CLOCK;
    this.#begin = this.#clock.now();
    this.#said = this.#begin;
  }

  async toEnd(): Promise<BootRecord> {
    for (;;) {
      if (this.#args.interrupted.aborted) throw this.#interrupted();
      const look = await this.#lookNow();
      const record = look?.record?.began === this.#old ? undefined : look?.record;
      if (record) this.#tell(record);
      if (record?.ended) return record;
      if (look) this.#mustGoOn(look, record);
      await this.#clock.sleep(LOOK_MS);
    }
  }

  /** A host that does not answer for a moment is not away yet: it may be busy starting everything. */
  async #lookNow(): Promise<BootLook | undefined> {
    try {
      const look = await this.#look();
      this.#awaySince = undefined;
      return look;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const now = this.#clock.now();
      if (now - (this.#awaySince ?? now) > LONGEST_AWAY_MS) throw error;
      if (this.#awaySince === undefined) {
        this.#args.listener.progress(`${this.#elapsed()}: out of sight: ${error.message}`);
      }
      this.#awaySince ??= now;
      return undefined;
    }
  }

  #tell(record: BootRecord): void {
    const { listener, plan } = this.#args;
    const { up, failed } = changesIn(this.#seen, record);
    this.#seen = record;
    for (const service of up) listener.up(service);
    for (const service of failed) listener.failed(service);
    if (record.ended || this.#clock.now() - this.#said < SAY_MS) return;
    this.#said = this.#clock.now();
    listener.progress(`${this.#elapsed()}: ${progressText(plan.services, record)}`);
  }

  #elapsed(): string {
    return `after ${((this.#clock.now() - this.#begin) / 1000).toFixed(0)} s`;
  }

  #mustGoOn({ unit }: BootLook, record: BootRecord | undefined): void {
    const { host, listener } = this.#args;
    const hint = `\`ssh ${host} systemctl status docker ${BOOT_UNIT}\` says why`;
    if (unit === "down") {
      throw new HostError("HL-DEPLOY-BOOT", host, `${BOOT_UNIT} does not run there; ${hint}`);
    }
    if (record) return;
    const waited = this.#clock.now() - this.#begin;
    if (waited > LONGEST_BEGIN_MS) {
      const text = `the boot did not begin within ${LONGEST_BEGIN_MS / 1000} s: the engine does not answer`;
      throw new HostError("HL-DEPLOY-BOOT", host, `${text}; ${hint}`);
    }
    if (this.#clock.now() - this.#said < SAY_MS) return;
    this.#said = this.#clock.now();
    listener.progress(`${this.#elapsed()}: the engine does not answer yet`);
  }

  #interrupted(): HostError {
    const text = "a person ended the run; the boot goes on there by itself";
    return new HostError("HL-DEPLOY-INTERRUPTED", this.#args.host, text);
  }
}
