import { maskerOf } from "../../hosts/masking.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { secretValues } from "../../workspace/pulumi.ts";
import { errorFacts, openJournal } from "./journal.ts";
import { renewScript } from "./lock.ts";
import type { LockedHost } from "./locked-host.ts";
import { notBegun, type HostOutcome } from "./report.ts";
import type { RunContext } from "./run-context.ts";

/** What is known of a run before it begins. */
export type Beginning = Omit<
  RunContext,
  "host" | "shell" | "places" | "takenFrom" | "journal" | "mask" | "durations" | "failed"
> & { readonly say: (line: string) => void };

/** Opens the journal of a run, does the run, and answers how it went; a mistake of ours is an error. */
export async function inRun(
  { host, shell, places, lock, takenFrom, again }: LockedHost,
  begin: () => Promise<Beginning | HostOutcome>,
  work: (run: RunContext) => Promise<HostOutcome>,
): Promise<HostOutcome> {
  try {
    const beginning = await begin();
    if ("outcome" in beginning) return beginning;
    const { say, ...known } = beginning;
    const mask = maskerOf(await secretValues(known.project, host));
    const { facts, began } = known;
    const renewMark = renewScript(places, lock.id);
    const kept = { run: facts, began, shell, places, renewMark, again: known.again };
    const journal = openJournal({ ...kept, mask, say });
    const base = { ...known, host, shell, places, takenFrom };
    try {
      return await work({ ...base, journal, mask, durations: {}, failed: new Set() });
    } finally {
      await journal.close();
    }
  } catch (error) {
    if (!(error instanceof HostError || error instanceof UserError)) throw error;
    return notBegun(host, "failed", errorFacts(error), again);
  }
}
