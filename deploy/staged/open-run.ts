import { maskerOf } from "../../hosts/masking.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { siteOf } from "../../workspace/project.ts";
import { secretValues } from "../../workspace/pulumi.ts";
import { shellAnew } from "./host-files.ts";
import { errorFacts, openJournal } from "./journal.ts";
import { renewScript } from "./lock.ts";
import type { LockedHost } from "./locked-host.ts";
import { notBegun, type HostOutcome } from "./report.ts";
import type { RunContext } from "./run-context.ts";
import {
  bringUnsent,
  settleUnsent,
  unsentFolder,
  unsentIn,
  worthKeeping,
  type UnsentFiles,
} from "./unsent.ts";

/** What is known of a run before it begins. */
export type Beginning = Omit<
  RunContext,
  "host" | "shell" | "anew" | "places" | "takenFrom" | "journal" | "mask" | "durations" | "failed"
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
    const base = { ...known, host, shell, anew: shellAnew(host), places, takenFrom };
    const folder = unsentFolder(siteOf(known.project, host).domain, host);
    let earlier = await unsentIn(folder);
    try {
      earlier = await bringUnsent(earlier, { host, shell, again });
      return await work({ ...base, journal, mask, durations: {}, failed: new Set() });
    } finally {
      const left = worthKeeping(await journal.close(), places);
      const all = new Map([...earlier, ...left]);
      await keptHere(folder, all, (line) => say(`[${host}] ${line}`));
    }
  } catch (error) {
    if (!(error instanceof HostError || error instanceof UserError)) throw error;
    return notBegun(host, "failed", errorFacts(error), again);
  }
}

/** Keeps what the host has not got; not being able to is said, and hides no first error. */
async function keptHere(
  folder: string,
  left: UnsentFiles,
  say: (line: string) => void,
): Promise<void> {
  try {
    await settleUnsent(folder, left);
    if (left.size > 0) say(`log and findings are kept in ${folder} until the host can be written`);
  } catch (error) {
    say(errorFacts(error).message);
  }
}
