import { counted } from "../../../model/counted.ts";

/** The overview, and what an action says there. */
export const OVERVIEW = {
  queue: "Action Queue",
  hosts: "Hosts",
  fresh: (count: number) => `Show ${count} new`,
  gone: "no longer in this list",
  doneMore: "npx homelab actions --all shows those that ended before.",
  noIncidents: "Everything that is known is well, as far as the Supervisor compared.",
  attention: "Not well",
  // Actions
  doing: (what: string, target: string, on: string) =>
    target === on ? `${what} ${on}` : `${what} ${target} on ${on}`,
  endedUnseen: "ended; waits until it is seen to work",
  rootCause: "Root cause",
  evidence: "Seen",
  restartsLabel: "Restarts",
  degrades: "Lack something meanwhile",
  data: "Writes",
  nothing: "nothing",
  riskLabel: "Risk",
  undoLabel: "To undo",
  touches: (restarts: number, degrades: number) =>
    `${counted(restarts, "restart")}, ${degrades} without something meanwhile`,
  commit: "Commit",
  images: "Images",
  proposed: "Proposed",
  expires: "Expires",
  expired: "has expired",
  hash: "Hash",
  decidedBy: "Decided by",
  details: "What it touches",
  approve: "Approve…",
  reject: "Reject…",
  atDesk: "Run at the desk…",
  notPending: "It is decided already.",
  onlyOperators: "You look on: an operator decides.",
  notWhileOld: (why: string) => `Nothing can be decided now: ${why}.`,
  hasExpired: "It has expired; a new one follows when it is still needed.",
  dialog: {
    approve:
      "Approving is signing, with your own key, which is at your desk and not in this page. Run this there, in the checkout:",
    byHand: "No host does this by itself. Run this at your desk, in the checkout:",
    reject: "It is not recommended again for a day. Put your reason between the quotes, and run:",
    touches: "What it touches",
    shown: "The desk shows this hash before it asks:",
    copy: "Copy the command",
    copied: "Copied",
    notCopied: "Select it and copy it by hand",
    close: "Close",
    command: "Command",
  },
};
