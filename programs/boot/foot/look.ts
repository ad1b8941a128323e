import type { Look } from "../../../control-plane/contract/events.ts";
import { commit, planDigest, thingName } from "../../../control-plane/contract/words.ts";
import type { HostPlan } from "../../../model/host-plan.ts";
import type { Marks } from "./marks.ts";
import type { Standing } from "./standing.ts";

/** What a look is made of. */
export interface Seen {
  readonly engine: Look["engine"];
  /** Undefined where nothing was deployed, or what was cannot be read. */
  readonly plan: HostPlan | undefined;
  readonly standing: Standing;
  readonly marks: Marks;
  /** Of the jobs of which anybody can tell. */
  readonly backups: Look["backups"];
  /** @default no proxy shows any */
  readonly certificate?: Look["certificate"];
}

/** A full look at the host. */
export function lookOf({ engine, plan, standing, marks, backups, certificate }: Seen): Look {
  return {
    kind: "look",
    engine,
    plan: plan === undefined ? null : planIn(plan),
    ...standing,
    backups,
    ...(certificate && { certificate }),
    ...marks,
  };
}

function planIn(plan: HostPlan): Look["plan"] {
  const digest = planDigest.safeParse(plan.digest).data;
  if (digest === undefined) return null;
  const services = plan.services.map(({ name }) => name);
  return {
    digest,
    commit: commit.safeParse(plan.commit).data ?? null,
    services: services.filter((name) => thingName.safeParse(name).success),
  };
}
