// Every word that the pages say, in one place.
import { counted } from "../../model/counted.ts";
import type { Action } from "../contract/actions.ts";
import type { Verb } from "../contract/verbs.ts";
import type { HostWorld, ServiceWorld } from "../contract/world.ts";
import type { Column } from "./view/columns.ts";
import type { View } from "./view/route.ts";
import type { Tone } from "./view/tone.ts";

const view: Readonly<Record<View, string>> = {
  overview: "Overview",
  services: "Services",
  incidents: "Incidents",
  events: "Events",
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

/** What stands in a help page: a question, and its answer. */
export interface HelpEntry {
  readonly asks: string;
  readonly says: string;
}

/** Every word that the pages say. */
export const WORDS = {
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
  title: "homelab",
  titleOf: (name: string) => `${name} · homelab`,
  skip: "Skip to the content",
  navigation: "Views",
  noCategory: "other",
  // How things are
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
  // Ages
  ago: (span: string) => `${span} ago`,
  forSpan: (span: string) => `for ${span}`,
  inSpan: (span: string) => `in ${span}`,
  never: "never",
  seen: "seen",
  heard: "heard",
  lastChecked: "Last checked",
  // The link to the server
  live: "live",
  first: "asking",
  poll: "asking each 10 s",
  lost: "no answer",
  banner: {
    polling: "The live stream is cut. The page asks every 10 s instead, and keeps trying.",
    lost: "The server does not answer. What is shown is how things were.",
    other: "This page is of another version than its server. Load it again.",
    build: "The server was built anew since this page was loaded. Load it again.",
  },
  serverAway: "the server of this page does not answer",
  observerSilent: "the Observer has written nothing for a while",
  blind: (why: string) => `Nothing is recommended: ${why}`,
  supervisorNever: "The Supervisor has not compared anything yet.",
  notWritable: (problem: string) => `The Observer cannot keep what comes: ${problem}`,
  diskRefuses: "its disk takes nothing",
  unreadable: (count: number) => `${counted(count, "file")} of the state cannot be read`,
  dataAge: "Shown as of",
  loading: "Loading",
  failedToLoad: "This could not be loaded.",
  tryAgain: "Try again",
  // Overview
  queue: "Action Queue",
  hosts: "Hosts",
  fresh: (count: number) => `Show ${count} new`,
  gone: "no longer in this list",
  doneMore: "npx homelab actions --all shows those that ended before.",
  noIncidents: "Everything that is known is well, as far as the Supervisor compared.",
  attention: "Not well",
  allServices: "All services",
  // Actions
  doing: (what: string, target: string, on: string) =>
    target === on ? `${what} ${on}` : `${what} ${target} on ${on}`,
  endedUnseen: "ended; waits until it is seen to work",
  why: "Why",
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
  outcome: "Outcome",
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
  // Services
  list: "List",
  graph: "Graph",
  shownAs: "Shown as",
  search: "Search",
  searchServices: "Search services",
  allHosts: "All hosts",
  allStates: "All states",
  hostLabel: "Host",
  stateLabel: "State",
  serviceLabel: "Service",
  sinceLabel: "Since",
  seenLabel: "Seen",
  categoryLabel: "Kind",
  needs: "Needs",
  neededBy: "Needed by",
  wayToCause: "Way to the cause",
  waySays: (from: string, to: string) => `${from} needs ${to}`,
  begins: "here it begins",
  itself: "It begins with the service itself.",
  noWay: "Nothing is in its way.",
  nothingNeeded: "It needs nothing.",
  neededByNobody: "Nothing needs it.",
  container: "Container",
  image: "Image",
  heldBy: (by: string) => `held back by ${by}`,
  asked: "somebody had it stopped",
  noServices: "No service is like that.",
  noneKnown: "No service is known of yet.",
  back: "All services",
  noSuchNode: "There is no such service.",
  tooMany: (count: number, most: number) =>
    `${count} services are no picture any more (${most} are): choose a host or a service, or read the list.`,
  graphSays: "Who needs stands left, what is needed right of it.",
  graphLabel: (count: number) => `Graph of ${counted(count, "service")}; the list says the same`,
  soft: "could do without",
  hard: "cannot run without",
  condition: { started: "started", healthy: "healthy", completed: "ended well" },
  only: "Only these",
  whole: "All of the host",
  // Incidents
  noIncident: "No incident.",
  affected: (count: number) => `${counted(count, "service")} not well because of it`,
  flapping: "It comes and goes; nothing is recommended until it settles.",
  withheld: (why: string) => `Nothing is recommended: ${why}.`,
  noRemedy: "Nobody knows a remedy.",
  remedy: "Recommended",
  newIncident: (cause: string, detail: string) => `New incident: ${cause} ${detail}`,
  incidentOver: (cause: string) => `${cause} is no incident any more`,
  actionIs: (title: string, word: string) => `${title}: ${word}`,
  // Events
  noEvents: "Nothing is kept for this.",
  older: "Show older",
  newer: "Show newer",
  end: "Nothing older is kept.",
  observer: "Observer",
  timeLabel: "When",
  whatLabel: "What",
  aboutLabel: "About",
  eventsSay: "Signs of life and full looks are left out. Times are by the Observer's clock.",
  // Backups
  jobLabel: "Job",
  copyLabel: "Newest copy",
  copyState: "How it is",
  saidLabel: "Said",
  noBackups: "No job has said anything yet.",
  copyUnsure: "unknown: nothing newer is heard",
  noCopy: "no copy",
  copyOld: "older than two days",
  copyThere: "there",
  // Hosts
  heardLabel: "Heard",
  servicesLabel: "Services",
  planLabel: "Deployed",
  noPlan: "nothing is known to be deployed",
  gatesLabel: "Mounts",
  notesLabel: "Notes",
  clock: (seconds: number) => `clock ${Math.abs(seconds)} s ${seconds > 0 ? "ahead" : "behind"}`,
  maintenance: (why: string, by: string) => `in maintenance: ${why} (${by})`,
  held: (by: string) => `held at a deployment by ${by}`,
  deploying: (stage: string | null) =>
    stage === null ? "a deployment is under way" : `a deployment is under way: ${stage}`,
  gap: (why: string) => `something may be missing: ${why}`,
  engine: (why: string) => `engine does not answer: ${why}`,
  lostEvents: (count: number) => `${counted(count, "event")} never came`,
  // Session
  login: "Log in",
  user: "User",
  password: "Password",
  logout: "Log out",
  role: { viewer: "looks on", operator: "operator" },
  loginFailed: "That did not work.",
  tryIn: (span: string) => `Try again in ${span}.`,
  sessionOver: "You are not logged in any more.",
  // Help
  helpSays: "What each view shows, and how to use it.",
  keysTitle: "Keys",
  keys: [
    ["/", "search services"],
    ["j k", "next, previous row"],
    ["Enter", "open the row"],
    ["a r", "show the command that approves or rejects the card you are on"],
    ["?", "this page"],
    ["Esc", "close, or leave the search"],
  ] as const,
  marksTitle: "Marks",
  help: {
    overview: [
      {
        asks: "What does the sentence say?",
        says: "How many hosts are heard, what waits for you, and what is not well. When nobody can know, it says that, and why.",
      },
      {
        asks: "How do I approve?",
        says: "Open the card's command and run it at your desk. Your key signs there; this page holds no key and changes nothing on a host. Nothing counts as done before an observation that is newer has shown it.",
      },
    ],
    services: [
      {
        asks: "What does a number at a service mean?",
        says: "So many of the services that it needs are not well. Open it: the way leads to where it begins.",
      },
      {
        asks: "Why is something neither good nor bad?",
        says: "Nobody knows how it is now: its host is not heard, or this page has lost its server. What was known last stands beside it.",
      },
    ],
    incidents: [
      {
        asks: "Why is there one incident and ten sick services?",
        says: "An incident is a cause. What is not well because of it is listed below it.",
      },
    ],
    events: [
      {
        asks: "Why does a row not appear by itself?",
        says: "Rows never move while you read. What is new waits behind a button.",
      },
    ],
    backups: [
      {
        asks: "When is a copy too old?",
        says: "What the plan calls overdue is an incident. Here, a copy older than two days is marked.",
      },
    ],
    hosts: [
      {
        asks: "What is fresh?",
        says: "A host that was heard within the time it promised, with no gap in what it said.",
      },
    ],
    help: [],
  } as Readonly<Record<View, readonly HelpEntry[]>>,
};
