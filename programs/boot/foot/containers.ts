// All containers of the engine at once.
import type { Look, LookedContainer } from "../../../control-plane/contract/events.ts";
import { asLine } from "../../../control-plane/contract/words.ts";
import type { Engine } from "../engine.ts";
import { containerOf, type Inspected, type Listed } from "./container.ts";

/** An engine that takes longer for its list does not answer. */
const LIST_MS = 10_000;
/** A container that is being started on a dead mount cannot be inspected meanwhile. */
const INSPECT_MS = 3000;
/** Inspections at once: a host that boots has other things to do. */
const AT_ONCE = 4;
/** After so many that were not answered, the list alone has to do. */
const MOST_UNANSWERED = 3;
/** The contract has room for so many. */
const MOST_CONTAINERS = 2000;

/** What the engine has; it never throws: an engine that does not answer is an answer too. */
export async function lookAtContainers(engine: Pick<Engine, "get">): Promise<Look["engine"]> {
  let listed: Listed[];
  try {
    const { status, text } = await engine.get("/containers/json?all=1", LIST_MS);
    if (status !== 200) throw new Error(`the engine's list: status ${status}`);
    listed = (JSON.parse(text) as Listed[]).slice(0, MOST_CONTAINERS);
  } catch (error) {
    return { answers: false, reason: asLine(error instanceof Error ? error.message : "no answer") };
  }
  let unanswered = 0;
  const found: LookedContainer[] = [];
  const rest = listed[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const each of rest) {
      const inspected =
        unanswered < MOST_UNANSWERED ? await inspect(engine, each.Id) : "unanswered";
      if (inspected === "unanswered") unanswered += 1;
      if (inspected === "gone") continue;
      const container = containerOf(each, inspected === "unanswered" ? undefined : inspected);
      if (container) found.push(container);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { answers: true, containers: found };
}

async function inspect(
  engine: Pick<Engine, "get">,
  id: string,
): Promise<Inspected | "gone" | "unanswered"> {
  try {
    const { status, text } = await engine.get(`/containers/${id}/json`, INSPECT_MS);
    if (status === 404) return "gone";
    return status === 200 ? (JSON.parse(text) as Inspected) : "unanswered";
  } catch {
    return "unanswered";
  }
}
