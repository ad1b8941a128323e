// Sees approved actions through. It alone changes a file of the queue once that is there. Everything
// is synchronous: what is decided is on the disk before anybody hears of it, and a claim before it is
// handed out, so that after a crash nothing is handed out twice.
import { join } from "node:path";
import { isOver, parseAction, type Action } from "../contract/actions.ts";
import type { AuditLine } from "../contract/audit.ts";
import { parseDecision } from "../contract/decision.ts";
import { own, type Worlds } from "../contract/observed.ts";
import type { SignedPolicies } from "../contract/signed-policies.ts";
import { asLine } from "../contract/words.ts";
import type { Step, StepReport, Work } from "../contract/work.ts";
import { auditTrail, type AuditTrail } from "../disk/audit-trail.ts";
import type { Disk } from "../disk/disk.ts";
import {
  actionPath,
  claimPath,
  decisionPath,
  idsIn,
  readPolicies,
  readQueue,
  readSupervisorState,
  readWorlds,
  worldIsOld,
} from "../disk/places.ts";
import { decidedByPolicy } from "./by-policy.ts";
import { decided, hasPersonDecided, touchesOwn } from "./decide.ts";
import { moved } from "./move.ts";
import { offerOf, type Surroundings } from "./offer.ts";
import { afterRestart, afterReturn, settled } from "./outcome.ts";

/** Where and for whom an Executor works. */
export interface ExecutorArgs {
  readonly disk: Disk;
  /** Folder of the runtime state, e.g. "/opt/homelab". */
  readonly root: string;
  /** Services of the control plane, as "<host>/<name>". */
  readonly own: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The answer to what a host says: an HTTP status. */
export type StepAnswer = 200 | 404 | 409;

/**
 * Actions that are over and kept; the audit has them longer. Who has a host's token can have new ones
 * recommended without end, and all that are kept are in the memory of two parts.
 */
const MOST_OVER = 500;
/** So long the Supervisor has to know what a person rejected, in milliseconds. */
const REJECTED_MS = 24 * 3600_000;

const AUDITED: Readonly<Partial<Record<Action["state"], AuditLine["what"]>>> = {
  approved: "approved",
  claimed: "claimed",
  running: "began",
  verified: "verified",
  failed: "ended",
  interrupted: "interrupted",
  rejected: "rejected",
  expired: "expired",
  superseded: "superseded",
};

/** The Executor, without the network. */
export class Executor {
  readonly #args: ExecutorArgs;
  readonly #audit: AuditTrail;
  readonly #actions = new Map<string, Action>();

  /** Reads the queue; what was under way is interrupted. */
  constructor(args: ExecutorArgs) {
    this.#args = args;
    this.#audit = auditTrail(args.disk, args.root, "executor");
    for (const action of readQueue(args.disk, args.root)) {
      this.#actions.set(action.id, action);
      this.#keep(action, afterRestart(action, args.now()));
    }
  }

  /** Looks at what others wrote, and follows. */
  tick(): void {
    const { disk, root } = this.#args;
    for (const id of idsIn(disk, join(root, "queue"))) {
      if (this.#actions.has(id)) continue;
      const action = parseAction(disk.read(actionPath(root, id)) ?? "");
      // Nobody else approves, so a new one is pending or none.
      if (action?.id === id && action.state === "pending") this.#actions.set(id, action);
    }
    this.#close();
    this.#decide();
    const worlds = readWorlds(disk, root);
    this.#goByPolicy(worlds);
    for (const action of this.#actions.values()) {
      this.#keep(action, settled(action, worlds, this.#args.now()));
    }
    this.#forget();
  }

  /**
   * A host asks anew. It does one thing at a time, so what it began before, and never said the end of,
   * was cut off: its program or the whole host ended meanwhile.
   */
  returned(host: string): void {
    for (const action of this.#actions.values()) {
      if (action.binding.host !== host) continue;
      this.#keep(action, afterReturn(action, this.#args.now()));
    }
  }

  /** What a host is to do next; undefined when there is nothing. It is claimed when this returns. */
  workFor(host: string): Work | undefined {
    this.tick();
    const mine = [...this.#actions.values()].filter(({ binding }) => binding.host === host);
    if (mine.some(({ state }) => state === "claimed" || state === "running")) return undefined;
    const approved = mine.filter(({ state }) => state === "approved");
    if (approved.length === 0) return undefined;
    approved.sort((a, b) => a.since.localeCompare(b.since));
    const surroundings = this.#surroundings();
    for (const action of approved) {
      const now = this.#args.now();
      const offer = offerOf(action, surroundings, now);
      if (offer.is === "parked" || touchesOwn(action, this.#args.own)) continue;
      if (offer.is !== "good" || action.authority === null) {
        const state = offer.is === "good" ? "expired" : offer.is;
        const outcome = offer.is === "good" ? "nothing was signed for it" : offer.why;
        this.#keep(action, moved(action, state, now, { outcome }));
        continue;
      }
      this.#note("offered", action, {});
      const claimed = moved(action, "claimed", now, { claimedBy: host });
      // Made once, also by two Executors of which one should not be there.
      if (!this.#args.disk.create(claimPath(this.#args.root, action.id), `${host}\n`)) {
        this.#keep(action, afterRestart(claimed, now));
        continue;
      }
      this.#keep(action, claimed);
      const { id, hash, binding, authority } = action;
      return { version: 1, id, hash, binding, authority };
    }
    return undefined;
  }

  /** Takes over what a host says of its work. Of another host's it learns nothing. */
  report(host: string, id: string, step: Step, { ok, said }: StepReport): StepAnswer {
    const action = this.#actions.get(id);
    if (action?.binding.host !== host) return 404;
    const now = this.#args.now();
    const { state } = action;
    switch (step) {
      case "began":
        if (state !== "claimed") return 409;
        this.#keep(action, moved(action, "running", now));
        return 200;
      case "refused":
        if (state !== "claimed" && state !== "interrupted") return 409;
        this.#note("refused", action, { reason: asLine(said) });
        this.#keep(
          action,
          moved(action, "failed", now, { outcome: `its host refused it: ${said}` }),
        );
        return 200;
      case "ended": {
        if (state !== "running" && state !== "interrupted") return 409;
        // Said twice, because an answer was lost.
        if (action.endedAt !== undefined) return 200;
        const endedAt = new Date(now).toISOString();
        const outcome = asLine(said);
        if (!ok) {
          this.#keep(action, moved(action, "failed", now, { outcome, endedAt }));
          return 200;
        }
        this.#note("ended", action, { reason: outcome });
        this.#replace({ ...action, outcome, endedAt });
        return 200;
      }
    }
  }

  /** Actions as they are now, by id. */
  get actions(): ReadonlyMap<string, Action> {
    return this.#actions;
  }

  /** What somebody signed that may go without a person, for who asks; undefined where nobody did. */
  get policies(): SignedPolicies | undefined {
    return readPolicies(this.#args.disk, this.#args.root);
  }

  #surroundings(): Surroundings {
    const { disk, root, now } = this.#args;
    return {
      worlds: readWorlds(disk, root),
      supervisor: readSupervisorState(disk, root),
      old: worldIsOld(disk, root, now()),
    };
  }

  /** Closes what is too old, and what the Supervisor says is to be closed. */
  #close(): void {
    const { disk, root, now } = this.#args;
    const closing = readSupervisorState(disk, root)?.closing ?? {};
    for (const action of this.#actions.values()) {
      if (action.state !== "pending" && action.state !== "approved") continue;
      const said = own(closing, action.id);
      if (said) {
        const change = { outcome: said.why, supersededBy: said.by };
        this.#keep(action, moved(action, said.state, now(), change));
      } else if (Date.parse(action.expires) <= now()) {
        this.#keep(action, moved(action, "expired", now(), { outcome: "nobody decided in time" }));
      }
    }
  }

  /** Takes away the oldest that are over: the action last, so that nothing of it stays alone. */
  #forget(): void {
    const { disk, root, now } = this.#args;
    const over = [...this.#actions.values()].filter(({ state, since }) => {
      return isOver(state) && (state !== "rejected" || now() - Date.parse(since) > REJECTED_MS);
    });
    if (over.length <= MOST_OVER) return;
    over.sort((a, b) => a.since.localeCompare(b.since));
    for (const { id } of over.slice(0, over.length - MOST_OVER)) {
      disk.remove(decisionPath(root, id));
      disk.remove(claimPath(root, id));
      disk.remove(actionPath(root, id));
      this.#actions.delete(id);
    }
  }

  #decide(): void {
    const { disk, root, now } = this.#args;
    for (const id of idsIn(disk, join(root, "decisions"))) {
      const action = this.#actions.get(id);
      // It may be there before its action is.
      if (!action || hasPersonDecided(action)) continue;
      const decision = parseDecision(disk.read(decisionPath(root, id)) ?? "");
      const result =
        decision?.action === id
          ? decided(action, decision, this.#args.own, now())
          : { refused: "it is no decision about this action" };
      if ("action" in result) {
        this.#keep(action, result.action);
        continue;
      }
      const by = decision ? { by: decision.by } : {};
      this.#note("refused", action, { reason: asLine(result.refused), ...by });
      // Out of the way of the next one.
      disk.move(decisionPath(root, id), join(root, "decisions/refused", `${id}-${now()}.json`));
    }
  }

  /** What may go without a person; nothing while nobody knows how things are. */
  #goByPolicy(worlds: Worlds): void {
    const { disk, root, now, own: ownServices } = this.#args;
    const actions = [...this.#actions.values()];
    // It is looked each second, and mostly nobody has to decide on anything.
    if (!actions.some(({ state }) => state === "pending")) return;
    const { policies } = this;
    if (!policies || worldIsOld(disk, root, now()) !== undefined) return;
    const around = { worlds, own: ownServices };
    for (const decision of decidedByPolicy(actions, policies, around, now())) {
      const action = this.#actions.get(decision.action);
      const result = action && decided(action, decision, ownServices, now());
      if (action && result && "action" in result) this.#keep(action, result.action);
    }
  }

  #keep(before: Action, after: Action): void {
    if (after === before) return;
    this.#replace(after);
    const what = AUDITED[after.state];
    if (what === undefined || after.state === before.state) return;
    const by =
      after.state === "approved" || after.state === "rejected" ? after.decision?.by : undefined;
    this.#note(what, after, {
      ...(by === undefined ? {} : { by }),
      ...(after.outcome === null ? {} : { reason: after.outcome }),
    });
  }

  #replace(action: Action): void {
    const { disk, root } = this.#args;
    disk.write(actionPath(root, action.id), `${JSON.stringify(action)}\n`);
    this.#actions.set(action.id, action);
  }

  #note(
    what: AuditLine["what"],
    { id, binding, hash, authority }: Action,
    more: Partial<AuditLine>,
  ): void {
    const { host, verb, target } = binding;
    const order = authority ? { order: authority.text.trimEnd().replaceAll("\n", "; ") } : {};
    const line = { what, host, verb, target, action: id, shown: hash, ...order, ...more };
    this.#audit(line, this.#args.now());
  }
}
