// A folder as the parts find it below /opt/homelab, with a Supervisor that looks when a test says so.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ACTION_STATES, type Action } from "../../control-plane/contract/actions.ts";
import type { ObserverHealth } from "../../control-plane/contract/observer-health.ts";
import { approve, signable } from "../../control-plane/desk/decide.ts";
import { auditLines } from "../../control-plane/disk/audit-trail.ts";
import { disk } from "../../control-plane/disk/disk.ts";
import { readQueue } from "../../control-plane/disk/places.ts";
import { Executor } from "../../control-plane/executor/executor.ts";
import { Supervisor } from "../../control-plane/supervisor/run.ts";
import { smallHome, START, type Home } from "./supervisor/imitated-home.ts";

/** A runtime folder in which a home is observed. */
export class Root {
  readonly path = mkdtempSync(join(tmpdir(), "root-"));
  readonly home: Home;
  #supervisor: Supervisor;

  constructor(home: Home) {
    this.home = home;
    this.#supervisor = this.#newSupervisor();
  }

  readonly now = (): number => START + this.home.time * 1000;

  /** The Supervisor starts again, with what the home desires now. */
  restart(): void {
    this.#supervisor = this.#newSupervisor();
  }

  #newSupervisor(): Supervisor {
    return new Supervisor({ disk, root: this.path, desired: this.home.desired, now: this.now });
  }

  /** The Supervisor compares once. */
  look(): void {
    this.#supervisor.look();
  }

  /** What the Observer writes. */
  observe(seconds = 0): void {
    this.home.time += seconds;
    for (const [host, world] of this.home.worlds) {
      this.#put(join("world", `${host}.json`), world);
    }
    this.health({});
  }

  health(change: Partial<ObserverHealth>): void {
    const at = new Date(this.now()).toISOString();
    const health: ObserverHealth = {
      version: 1,
      build: "b",
      at,
      began: at,
      sequence: 7,
      writable: true,
      problem: null,
      read: { lines: 0, torn: 0, garbage: 0, duplicates: 0, missing: 0 },
      taken: { events: 0, duplicates: 0, refused: 0, denied: 0, clockWentBack: 0 },
      kept: { bytes: 0, since: null },
      withoutToken: [],
      ...change,
    };
    this.#put("state/observer_health.json", health);
  }

  /** As the Observer writes: nothing waits for the disk. */
  #put(path: string, value: unknown): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(value));
    renameSync(`${file}.new`, file);
  }

  /** The Observer writes, and the Supervisor compares, each second for so long. */
  pass(seconds: number, step = 1): void {
    for (let at = 0; at < seconds; at += step) {
      this.observe(step);
      this.#supervisor.look();
    }
  }

  actions(...states: Action["state"][]): Action[] {
    const wanted = states.length === 0 ? ACTION_STATES : states;
    return readQueue(disk, this.path).filter(({ state }) => wanted.includes(state));
  }

  /** The one action in a state. */
  action(state: Action["state"]): Action {
    const [found, other] = this.actions(state);
    if (!found || other) throw new Error(`there is not one action that is ${state}`);
    return found;
  }

  /** Somebody approves, with an order that is not really signed; answers why not, if so. */
  approve({ id, hash }: Action): string | undefined {
    const now = this.now();
    const found = signable(disk, this.path, id, now);
    if ("refused" in found) return found.refused;
    const signature = { kind: "ssh", armored: "not signed" } as const;
    const authority = { version: 1, text: found.text, signature } as const;
    const answer = approve(disk, this.path, id, hash, authority, { by: "anna", now });
    return "refused" in answer ? answer.refused : undefined;
  }

  /** A token of a host, whose sum is put where the VPS has it. */
  token(host: string): string {
    const token = `token-of-${host}-`.padEnd(40, "0");
    const sum = createHash("sha256").update(token).digest("hex");
    disk.write(join(this.path, "tokens", host), `${sum}\n`);
    return token;
  }

  /** What the parts wrote down, e.g. "approved". */
  audit(part: "executor" | "supervisor" | "actor" = "executor"): string[] {
    const { lines, broken } = auditLines(disk, this.path, part);
    if (broken > 0) throw new Error(`${broken} lines of the audit are broken`);
    return lines.map(({ what }) => what);
  }
}

/** A home in which a service stopped and its start was proposed. */
export function stopped(service = "nas/files"): Root {
  const root = new Root(smallHome());
  root.pass(1);
  root.home.becomes(service, "exited");
  root.pass(5);
  return root;
}

/** An Executor in that folder. @param own the services of the control plane itself */
export function executorOf(root: Root, own: readonly string[] = []): Executor {
  return new Executor({ disk, root: root.path, own: new Set(own), now: root.now });
}
