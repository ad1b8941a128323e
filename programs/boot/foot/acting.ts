// Fetches what a person approved, and does it. What a thief of the VPS hands over is refused here:
// see control-plane/actor. Off where there are no settings.
import { join } from "node:path";
import { byPolicy, seenPolicies } from "../../../control-plane/actor/by-policy.ts";
import { carryOut, type Outcome } from "../../../control-plane/actor/carry-out.ts";
import { noncesIn } from "../../../control-plane/actor/nonces.ts";
import type { Order } from "../../../control-plane/contract/order.ts";
import { auditTrail } from "../../../control-plane/disk/audit-trail.ts";
import { readAs } from "../../../control-plane/contract/read-as.ts";
import { signedPoliciesSchema } from "../../../control-plane/contract/signed-policies.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import type { HostPlan } from "../../../model/host-plan.ts";
import { ACTOR_ROOT, ACTOR_SETTINGS } from "../../../model/paths.ts";
import type { BootState } from "../boot-state.ts";
import type { Engine } from "../engine.ts";
import { jsonIn } from "../../../model/json-in.ts";
import type { Line } from "../line.ts";
import type { runShell } from "../shell.ts";
import { wait } from "../wait.ts";
import { backoffMs } from "./backoff.ts";
import { policyLooks, policyRecord } from "./by-policy.ts";
import { lookAtContainers } from "./containers.ts";
import { askForPolicies, askForWork, sayStep } from "./executor.ts";
import { handsOf } from "./hands.ts";
import { readMarks, type Marks } from "./marks.ts";
import { whyNot, whyNothing, type OwnLook } from "./own-look.ts";
import { FOOT_PACE, type FootPace } from "./pace.ts";
import { actorSettings, readSettings, type Address } from "./settings.ts";
import { EXECUTOR_TROUBLE, Troubles, type Trouble } from "./trouble.ts";

/** How often is looked whether somebody signed other policies, in milliseconds. */
const POLICIES_EACH_MS = 10 * 60_000;

/** What acting needs from the world. */
export interface ActingSurroundings {
  readonly host: string;
  readonly engine: Pick<Engine, "get" | "post">;
  /** The host plan; undefined where there is none that can be read. */
  readonly plan: () => Promise<HostPlan | undefined>;
  readonly write: (line: Line) => void;
  /** Told when something was done, so that it is looked at. */
  readonly acted: () => void;
  /** @default the marks on this host */
  readonly marks?: () => Marks;
  /** Path of the settings. @default /etc/homelab/actor.json */
  readonly settings?: string;
  /** Folder of the audit and of the orders that were used, which root alone writes. */
  readonly root?: string;
  /** @default FOOT_PACE */
  readonly pace?: FootPace;
  /** Milliseconds since 1970. @default the clock of this host */
  readonly now?: () => number;
  /** Runs a shell script. @default `runShell` */
  readonly run?: typeof runShell;
}

/** Fetches and acts, one order at a time. */
export class Acting {
  readonly #around: ActingSurroundings;
  readonly #pace: FootPace;
  readonly #marks: () => Marks;
  #state: BootState | undefined;
  #troubles: { readonly said: Troubles; readonly url: string } | undefined;
  #failures = 0;
  /** When signed policies are looked at again, by the clock of this process. */
  #policiesFrom = -Infinity;
  /** What was wrong with the settings. */
  #broken: string | undefined;

  constructor(around: ActingSurroundings) {
    this.#around = around;
    this.#pace = around.pace ?? FOOT_PACE;
    this.#marks = around.marks ?? readMarks;
  }

  /** The orchestrator went a step. */
  observe(state: BootState): void {
    this.#state = state;
  }

  /** Until the signal comes. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pause = await this.#turn(signal).catch((error: unknown) => {
        this.#complain(error instanceof Error ? error.message : String(error));
        return this.#pace.refusedMs;
      });
      await wait(pause, signal);
    }
  }

  /** Answers how long to wait until the next. */
  async #turn(signal: AbortSignal): Promise<number> {
    const { settings = ACTOR_SETTINGS, host } = this.#around;
    const read = await readSettings(settings, host, actorSettings);
    if (read.kind === "broken") this.#complain(read.reason);
    else this.#broken = undefined;
    if (read.kind !== "on") return this.#pace.turnMs;
    if (whyNothing({ state: this.#state, marks: this.#marks() }) !== undefined) {
      return this.#pace.turnMs;
    }
    const began = performance.now();
    const { address } = read;
    const answer = await askForWork(address, signal).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (signal.aborted) return 0;
    if (typeof answer === "string") return this.#wrong(address, "away", answer);
    const { status, text } = answer;
    const reason = `status ${status}`;
    if (status === 401 || status === 403) return this.#wrong(address, "refused", reason);
    if (status !== 200 && status !== 204) {
      return this.#wrong(address, status < 500 ? "unfit" : "away", reason);
    }
    this.#failures = 0;
    this.#troublesOf(address).well();
    const { allowedSigners } = read.settings;
    // Where it cannot be written down there is nothing either that goes by them.
    await this.#seePolicies(address, allowedSigners, signal).catch(() => undefined);
    const isRefused =
      status === 200 && (await this.#carryOut(text, address, allowedSigners, signal)) === "refused";
    // Each is written down: whoever hands over nothing else fills no disk.
    if (isRefused) return this.#pace.refusedMs;
    // Whoever answers at once that there is nothing is not asked without a pause.
    return Math.max(0, began + this.#pace.askMs - performance.now());
  }

  /**
   * Looks now and then at what somebody signed that may go without a person: policies that take
   * others back let nothing go, and so come with no order.
   */
  async #seePolicies(address: Address, allowedSigners: string, signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#policiesFrom) return;
    this.#policiesFrom = performance.now() + POLICIES_EACH_MS;
    const { status, text } = await askForPolicies(address, signal);
    const signed = status === 200 ? readAs(signedPoliciesSchema, text) : undefined;
    const { root = ACTOR_ROOT, now = Date.now } = this.#around;
    const rules = { keys: { allowedSigners }, disk, record: policyRecord(root), now };
    if (signed) await seenPolicies(signed, rules);
  }

  async #carryOut(
    text: string,
    address: Address,
    allowedSigners: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { host, engine, acted, root = ACTOR_ROOT, now = Date.now, run } = this.#around;
    const nonces = noncesIn(disk, join(root, "orders"));
    const state = (): BootState | undefined => this.#state;
    const keys = { allowedSigners };
    const looks = policyLooks((order) => this.#look(order));
    const policyRules = { keys, disk, record: policyRecord(root), now, ...looks };
    const said = await carryOut(jsonIn(text), {
      rules: {
        host,
        keys,
        nonces,
        now,
        policy: (order, signature) => byPolicy(order, signature, policyRules),
      },
      hands: handsOf({ engine, state, ...(run ? { run } : {}) }, signal),
      whyNot: (order) => this.#whyNot(order),
      report: (id, step, report) =>
        sayStep(address, { id, step, report }, this.#pace.awayPauses, signal),
      audit: auditTrail(disk, root, "actor"),
    });
    nonces.forget(now());
    if (said === "done" || said === "failed") acted();
    const line = `an order was fetched from the Executor: ${said}; look at: ${root}/audit/actor`;
    const level = said === "done" ? "info" : "warning";
    this.#around.write({ level, text: line, fields: { event: "order", outcome: said } });
    return said;
  }

  async #whyNot(order: Order): Promise<string | undefined> {
    return whyNot(order, await this.#look(order));
  }

  async #look(order: Order): Promise<OwnLook> {
    const [engine, plan] = await Promise.all([
      lookAtContainers(this.#around.engine),
      this.#around.plan().catch(() => undefined),
    ]);
    const container = engine.answers
      ? engine.containers.find(({ name }) => name === order.target)
      : undefined;
    const engineIsAway = !engine.answers;
    return { state: this.#state, marks: this.#marks(), plan, container, engineIsAway };
  }

  #wrong(address: Address, trouble: Trouble, reason: string): number {
    this.#troublesOf(address).take(trouble, reason);
    if (trouble !== "away") return this.#pace.refusedMs;
    this.#failures += 1;
    return backoffMs(this.#pace.awayPauses, this.#failures, Math.random());
  }

  #troublesOf({ url }: Address): Troubles {
    if (this.#troubles?.url !== url) {
      const said = new Troubles(EXECUTOR_TROUBLE, url, this.#around.write);
      this.#troubles = { said, url };
    }
    return this.#troubles.said;
  }

  /** Once for each reason. */
  #complain(reason: string): void {
    if (this.#broken === reason) return;
    this.#broken = reason;
    const text = `nothing is fetched from the Executor: ${reason}. What to do: deploy this host`;
    this.#around.write({ level: "warning", text, fields: { event: "executor", reason } });
  }
}
