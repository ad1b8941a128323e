// Waits, and says how far an action is. It calls nothing good before an observation does.
import { progressOf, type Progress } from "../../control-plane/desk/progress.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { HostError } from "../../model/errors.ts";
import { followScript } from "./look-script.ts";
import { diskOf, SNAPSHOT_ROOT } from "./snapshot.ts";
import { read, type Desk } from "./vps.ts";

/** How often is looked, and how long, in milliseconds. */
const EACH_MS = 1000;
/** @default for an approval; a copy may take longer. */
const FOLLOW_MS = 5 * 60_000;

/** What is followed. */
export interface Followed {
  readonly id: string;
  readonly host: string;
  /** When the decision was made, in milliseconds since 1970 by the clock of the VPS. */
  readonly since: number;
}

/** What each state means to who waits. */
const WORDS: Readonly<Record<Progress["state"], (host: string) => string>> = {
  sent: () => "sent; the Executor looks each second",
  refused: () => "refused by the Executor",
  pending: () => "pending",
  approved: (host) => `approved; waits until ${host} fetches it`,
  claimed: (host) => `claimed by ${host}`,
  running: (host) => `running on ${host}`,
  ended: (host) => `ended on ${host}; waits for an observation that shows it`,
  verified: () => "verified by an observation",
  failed: () => "failed",
  interrupted: () => "interrupted; what came of it is for the next observation to say",
  rejected: () => "rejected",
  expired: () => "expired",
  superseded: () => "superseded",
};

/** One line about a progress. */
export function progressText({ state, said }: Progress, host: string): string {
  return `${WORDS[state](host)}${said === null ? "" : ` (${visible(said)})`}`;
}

/**
 * Looks until nothing follows, or for so long; answers what was seen last.
 * @param say told once for each step
 */
export async function follow(
  desk: Desk,
  { id, host, since }: Followed,
  say: (text: string) => void,
  limitMs = FOLLOW_MS,
): Promise<Progress> {
  const until = desk.now() + limitMs;
  let last: Progress = { state: "sent", said: null, isOver: false };
  let lastText: string | undefined;
  const tell = (text: string): void => {
    if (text !== lastText) say(text);
    lastText = text;
  };
  for (;;) {
    try {
      const snapshot = await read(desk, followScript(desk.root, id));
      last = progressOf(diskOf(snapshot), SNAPSHOT_ROOT, id, since);
      tell(progressText(last, host));
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // The decision is made; only nobody sees what becomes of it.
      tell(`not seen: error ${error.code} on ${error.host}: ${error.message}`);
    }
    if (last.isOver || desk.now() >= until) return last;
    await desk.pause(EACH_MS);
  }
}
