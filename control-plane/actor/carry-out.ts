// What a host does with what it fetched: check, say that it begins, act, say how it went. It acts only
// when it was heard that it begins, so that what it does is never what nobody knows of.
import type { Order } from "../contract/order.ts";
import type { Verb } from "../contract/verbs.ts";
import { asLine } from "../contract/words.ts";
import { workSchema, type Step, type StepReport } from "../contract/work.ts";
import type { AuditTrail } from "../disk/audit-trail.ts";
import { checkWork, type OrderRules } from "./check-order.ts";

/** How an act went. */
export type Act = Pick<StepReport, "ok" | "said">;

/** What a host can do: each verb, and nothing else. */
export type Hands = Readonly<Record<Verb, (order: Order) => Promise<Act>>>;

/** With what an actor acts. */
export interface ActorArgs {
  readonly rules: OrderRules;
  readonly hands: Hands;
  /**
   * Why an order cannot be carried out as things are on the host now, by its own look: e.g. another
   * image runs than was signed. Undefined when it can.
   */
  readonly whyNot: (order: Order) => Promise<string | undefined>;
  /**
   * Says a step to the Executor; whether it was taken. "ended" it says again until somebody hears it,
   * and has the host looked at as a whole afterwards: that look is what verifies the action.
   */
  readonly report: (id: string, step: Step, report: StepReport) => Promise<boolean>;
  readonly audit: AuditTrail;
}

/** What became of what a host fetched. */
export type Outcome = "refused" | "not heard" | "done" | "failed";

/**
 * Carries out what a host fetched, or says why not.
 * @param fetched whatever the Executor answered; nothing of it is believed
 */
export async function carryOut(fetched: unknown, args: ActorArgs): Promise<Outcome> {
  const { rules, hands, whyNot, report, audit } = args;
  const work = workSchema.safeParse(fetched).data;
  if (!work) {
    audit({ what: "refused", reason: "what was handed over is no work" }, rules.now());
    return "refused";
  }
  const { id, binding, hash, authority } = work;
  const { host, verb, target } = binding;
  // What nobody signed may be long; all of an order that this host can carry out fits in.
  const order = asLine(authority.text.trimEnd().replaceAll("\n", "; "));
  const about = { host, verb, target: asLine(target), action: id, shown: hash, order };
  const refuse = async (said: string, by?: string): Promise<Outcome> => {
    const reason = asLine(said);
    audit({ what: "refused", ...about, reason, ...(by === undefined ? {} : { by }) }, rules.now());
    await report(id, "refused", { version: 1, ok: false, said: reason });
    return "refused";
  };
  const checked = await checkWork(work, rules);
  if ("refused" in checked) return refuse(checked.refused);
  const { by } = checked;
  const why = await whyNot(checked.order);
  if (why !== undefined) return refuse(why, by);
  audit({ what: "began", ...about, by }, rules.now());
  if (!(await report(id, "began", { version: 1, ok: true, said: "begins" }))) {
    const reason = "nobody took note that it begins, so it was not done";
    audit({ what: "interrupted", ...about, by, reason }, rules.now());
    return "not heard";
  }
  const act = await hands[checked.order.verb](checked.order).catch((error: unknown): Act => {
    return { ok: false, said: error instanceof Error ? error.message : String(error) };
  });
  const said = asLine(act.said);
  const reason = act.ok ? said : asLine(`failed: ${said}`);
  audit({ what: "ended", ...about, by, reason }, rules.now());
  await report(id, "ended", { version: 1, ok: act.ok, said });
  return act.ok ? "done" : "failed";
}
