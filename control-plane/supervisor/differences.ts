// Where a host is not as the repository has it: its plan and its containers.
import type { Difference } from "../contract/drift.ts";
import type { HostWorld } from "../contract/world.ts";
import type { DesiredHost } from "./desired.ts";
import { driftOf } from "./drift.ts";
import type { Problem } from "./problem.ts";

/** What is to be done about on a host that differs. */
export function differencesOf(desired: DesiredHost, world: HostWorld): Problem[] {
  const { host, sequence, looked } = world;
  if (looked === null) return [];
  const problem = (
    kind: Problem["kind"],
    cause: string,
    detail: string,
    since: string,
  ): Problem => ({ kind, cause, host, detail, since, sequence, affected: [] });
  return driftOf(desired, world).map((each) => {
    const cause = each.service === null ? host : `${host}/${each.service}`;
    return problem(PROBLEMS[each.kind], cause, detailOf(each), each.at);
  });
}

const PROBLEMS: Readonly<Record<Difference["kind"], Problem["kind"]>> = {
  plan: "plan",
  made: "differs",
  image: "image",
};

function detailOf({ kind, declared, found }: Difference): string {
  switch (kind) {
    case "plan":
      return found === null
        ? "has no plan yet"
        : `has the plan ${found}, and the repository ${declared}`;
    case "made":
      return found === null
        ? "has a container that somebody else made"
        : "was made from another declaration";
    case "image":
      return "runs another image than the lock says";
  }
}
