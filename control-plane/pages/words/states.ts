import { counted } from "../../../model/counted.ts";
import type { Action } from "../../contract/actions.ts";
import type { Verb } from "../../contract/verbs.ts";
import type { HostWorld, ServiceWorld } from "../../contract/world.ts";
import type { Column } from "../view/columns.ts";
import type { View } from "../view/route.ts";
import type { Tone } from "../view/tone.ts";

const view: Readonly<Record<View, string>> = {
  overview: "Overview",
  services: "Services",
  incidents: "Incidents",
  drift: "Drift",
  events: "Events",
  deployments: "Deployments",
  images: "Images",
  boot: "Boot",
  backups: "Backups",
  hosts: "Hosts",
  help: "Help",
};

const service: Readonly<Record<ServiceWorld["state"], string>> = {
  healthy: "healthy",
  running: "runs, has no check",
  starting: "starting",
  restarting: "crashes and restarts",
  unhealthy: "unhealthy",
  created: "never started",
  paused: "paused",
  exited: "stopped",
  missing: "missing",
  unknown: "unknown",
  unreachable: "unreachable",
};

const gate: Readonly<Record<HostWorld["gates"][string]["state"], string>> = {
  open: "open",
  closed: "closed",
  unknown: "unknown",
  unreachable: "unreachable",
};

const host: Readonly<Record<HostWorld["freshness"]["state"], string>> = {
  fresh: "fresh",
  unreachable: "not heard any more",
  unknown: "never heard",
};

const action: Readonly<Record<Action["state"], string>> = {
  pending: "waits for a decision",
  approved: "approved, not fetched yet",
  claimed: "fetched by its host",
  running: "running",
  verified: "done, and seen to work",
  failed: "failed",
  interrupted: "cut off; nobody knows yet how it ended",
  rejected: "rejected",
  expired: "expired",
  superseded: "replaced by a newer one",
};

const verb: Readonly<Record<Verb, string>> = {
  start: "Start",
  restart: "Restart",
  "redeploy-service": "Redeploy",
  "deploy-host": "Deploy",
  "roll-back": "Roll back to",
  "restore-copy": "Restore",
  remount: "Mount",
  "run-backup": "Copy",
  "update-image": "Update",
};

const column: Readonly<Record<Column, string>> = {
  pending: "Pending",
  approved: "Approved",
  running: "Running",
  done: "Done",
};

const columnIsEmpty: Readonly<Record<Column, string>> = {
  pending: "Nothing waits.",
  approved: "Nothing is approved and not yet begun.",
  running: "Nothing runs.",
  done: "Nothing has ended yet.",
};

const tone: Readonly<Record<Tone, string>> = {
  bad: "not well",
  unknown: "unknown",
  busy: "under way",
  idle: "at rest",
  good: "well",
};

const risk: Readonly<Record<Action["risk"], string>> = {
  low: "low risk",
  medium: "medium risk",
  high: "high risk",
};

const undo: Readonly<Record<Action["reversibility"]["kind"], string>> = {
  "nothing-to-undo": "nothing to undo",
  "by-receipt": "by rolling back",
  "by-copy": "from a copy",
  none: "cannot be undone",
};

/** What everything is called by what it is, and how things are. */
export const STATES = {
  view,
  service,
  gate,
  host,
  action,
  verb,
  column,
  columnIsEmpty,
  tone,
  risk,
  undo,
  wasBefore: (word: string, was: string | null) => (was === null ? word : `${word}, was ${was}`),
  ended: "ended as it should",
  inDoubt: "in doubt until it is looked at again",
  engineAway: "its engine does not answer",
  notLooked: "not looked at yet",
  neverSeen: "never seen",
  unplanned: "in no plan",
  restarts: (count: number) => `restarted ${counted(count, "time")} by itself`,
  outOfMemory: "ran out of memory",
  exitCode: (code: number) => `exit code ${code}`,
  nobodyCanTell: (why: string) => `Nobody can tell how things are: ${why}`,
  noHosts: "No host was ever heard of",
  sickBelow: (count: number) => `${count} of what it needs ${count === 1 ? "is" : "are"} not well`,
};
