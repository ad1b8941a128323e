import type { RestoreJob } from "../places.ts";
import type { Snapshot } from "../copies.ts";
import type { Look, SeenPlace } from "../restore-look.ts";
import { roomProblem, type PlannedRestore } from "../restore-plan.ts";
import type { HostHistory } from "./history.ts";

/**
 * What is in a place now, beside the copy that would come there:
 * empty: nothing; first-start: nothing but what programs wrote since the place was made, after the
 * copy; unchanged: nothing newer than the copy; newer: it was there before the copy and was written
 * to since; back: this copy was put back here already, or one from before it, which the place has
 * been living on since.
 */
export type Present = "empty" | "first-start" | "unchanged" | "newer" | "back";

/** A place that is put back. */
export interface PlannedPlace extends SeenPlace {
  readonly present: Exclude<Present, "back">;
  /** Last change of what is there, in seconds since 1970; 0 where nobody knows. */
  readonly changed: number;
}

/** One job's part of the restore. */
export interface HostStep extends PlannedRestore {
  readonly places: readonly PlannedPlace[];
}

/** All that is done to a host. */
export interface HostPlan {
  /** Files before databases, as each job's were looked at. */
  readonly steps: readonly HostStep[];
  /** Is back already, and not touched. */
  readonly back: readonly string[];
  /** Stays as it is, and why. */
  readonly stays: readonly { readonly source: string; readonly why: string }[];
  /**
   * Places that were made anew between an older copy and the chosen one, so that what they held
   * before is not in the chosen one.
   */
  readonly anew: readonly { readonly source: string; readonly born: Date }[];
}

/** There is a copy. */
export type FoundLook = Extract<Look, { kind: "found" }>;

/** A job and what was seen of it. */
export interface SeenJob {
  readonly job: RestoreJob;
  /** Undefined: no copy was ever made, or none before the moment that a person named. */
  readonly look: FoundLook | undefined;
}

/** The newest copy from before a moment; of none, the newest there is. */
export function chosenSnapshot(look: FoundLook, before: Date | undefined): Snapshot | undefined {
  return before === undefined
    ? look.snapshot
    : [look.snapshot, ...look.others]
        .toSorted((one, other) => other.time.getTime() - one.time.getTime())
        .find(({ time }) => time < before);
}

/**
 * What is in a place, by its times and by what was put back there before.
 * @param again a place that lives on an earlier copy that was put back is judged by its times alone
 */
export function presentOf(
  place: Pick<SeenPlace, "source" | "full">,
  snapshot: Snapshot,
  { places, restored }: HostHistory,
  again = false,
): Present {
  if (!place.full) return "empty";
  const history = places.get(place.source);
  if (!history) return "newer";
  const copied = snapshot.time.getTime() / 1000;
  const last = restored.findLast(
    ({ source, seconds }) => source === place.source && history.born <= seconds,
  );
  if (last?.snapshot === snapshot.id) return "back";
  // The schedule has copied since what was put back: another attempt is about the other places.
  if (last && last.seconds < copied && !again) return "back";
  const isOlder = (time: number): boolean => time > 0 && time <= copied;
  const lived = last !== undefined || isOlder(history.born) || isOlder(history.oldest);
  if (!lived) return "first-start";
  return history.newest > copied ? "newer" : "unchanged";
}

/**
 * What will be done, from what was seen.
 * @param again see presentOf
 */
export function hostPlan(seen: readonly SeenJob[], history: HostHistory, again = false): HostPlan {
  const steps: HostStep[] = [];
  const back: string[] = [];
  const stays: HostPlan["stays"][number][] = [];
  const anew: HostPlan["anew"][number][] = [];
  for (const { job, look } of seen) {
    if (!look) {
      stays.push(...job.places.map(({ source }) => ({ source, why: "there is no copy" })));
      continue;
    }
    const places: PlannedPlace[] = [];
    for (const place of look.places) {
      const present = presentOf(place, look.snapshot, history, again);
      const born = bornBetween(place, look, history);
      if (place.copy === undefined) {
        stays.push({ source: place.source, why: `snapshot ${look.snapshot.id} has nothing of it` });
      } else if (present === "back") back.push(place.source);
      else {
        if (born) anew.push({ source: place.source, born });
        places.push({ ...place, present, changed: history.places.get(place.source)?.newest ?? 0 });
      }
    }
    if (places.length > 0) {
      const { snapshot, others } = look;
      steps.push({ job: { ...job, places }, snapshot, others, places });
    }
  }
  return { steps, back, stays, anew };
}

function bornBetween(
  { source }: SeenPlace,
  { snapshot, others }: FoundLook,
  { places, restored }: HostHistory,
): Date | undefined {
  const born = new Date((places.get(source)?.born ?? 0) * 1000);
  const wasBack = restored.some(
    (each) => each.source === source && each.seconds * 1000 >= born.getTime(),
  );
  const isBetween = born < snapshot.time && others.some(({ time }) => time < born);
  return isBetween && !wasBack ? born : undefined;
}

/** The places that would lose what was written since the copy. */
export function newerPlaces({ steps }: HostPlan): { place: PlannedPlace; snapshot: Snapshot }[] {
  return steps.flatMap(({ places, snapshot }) =>
    places.flatMap((place) => (place.present === "newer" ? [{ place, snapshot }] : [])),
  );
}

/** Why all of it together does not fit; undefined when it does. */
export function hostRoomProblem({ steps }: HostPlan): string | undefined {
  return roomProblem(steps.flatMap(({ places }) => places));
}
