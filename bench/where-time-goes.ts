// Where the time of a `pulumi up` goes, from the events that `--json` prints while it runs.
import type { StepMetadata, TimedEvent } from "../workspace/pulumi-events.ts";

/** What Pulumi can be at, in the order in which it is reported. */
export const ACTIVITIES = [
  "start of Pulumi and its plugins, until the first step",
  "refresh: asking the engine about every resource",
  "images: is each there",
  "networks and volumes",
  "files on the host",
  "making containers",
  "waiting for health",
  "setting the databases' roles",
  "gates outside the containers",
  "other resources",
  "the program: its start and the declarations, until its first resource",
  "nothing in flight: the program, or between two steps",
  "after the last step: saving the state, ending",
] as const;
/** One of ACTIVITIES. */
export type Activity = (typeof ACTIVITIES)[number];

const [
  START,
  REFRESH,
  IMAGES,
  NETWORKS,
  FILES,
  CONTAINERS,
  HEALTH,
  ROLES,
  GATES,
  OTHER,
  PROGRAM,
  IDLE,
  END,
] = ACTIVITIES;

/** How much of the whole an activity took, in seconds. */
export interface Share {
  readonly activity: Activity;
  /** Something of it was in flight. */
  readonly inFlight: number;
  /** It alone was in flight: what would be saved if it took no time. */
  readonly alone: number;
}

interface Interval {
  readonly activity: Activity;
  readonly from: number;
  readonly to: number;
}

/**
 * The shares of a run.
 * @param events in the order they came
 * @param seconds the whole run, from the command's start to its end
 */
export function whereTimeGoes(events: readonly TimedEvent[], seconds: number): Share[] {
  const steps = intervalsOf(events, seconds);
  const first = Math.min(seconds, ...steps.map(({ from }) => from));
  const last = Math.max(first, ...steps.map(({ to }) => to));
  const all: Interval[] = [
    { activity: START, from: 0, to: first },
    ...programStart(events, steps),
    ...steps,
    { activity: END, from: last, to: seconds },
  ];
  const edges = [...new Set(all.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const shares = new Map(ACTIVITIES.map((activity) => [activity, { inFlight: 0, alone: 0 }]));
  edges.slice(1).forEach((to, index) => {
    const from = edges[index] ?? to;
    const present = new Set(
      all.filter((one) => one.from <= from && one.to >= to).map(({ activity }) => activity),
    );
    if (present.size === 0) present.add(IDLE);
    for (const activity of present) {
      const share = shares.get(activity);
      if (!share) continue;
      share.inFlight += to - from;
      if (present.size === 1) share.alone += to - from;
    }
  });
  return [...shares].map(([activity, share]) => ({ activity, ...share }));
}

/** When the first container was asked for, in seconds since the command's start. */
export function firstContainerAsked(events: readonly TimedEvent[]): number | undefined {
  return events.find(({ event }) => {
    const step = event.resourcePreEvent?.metadata;
    return step !== undefined && step.op !== "refresh" && activityOf(step) === CONTAINERS;
  })?.at;
}

/** From the end of the refresh, or the program's own beginning, until it asks for something. */
function programStart(events: readonly TimedEvent[], steps: readonly Interval[]): Interval[] {
  const asked = events.find(({ event }) => {
    const step = event.resourcePreEvent?.metadata;
    return step !== undefined && step.op !== "refresh" && !isWhole(step) && !isProvider(step);
  })?.at;
  const begun = events.find(({ event }) => event.resourcePreEvent !== undefined)?.at;
  if (asked === undefined || begun === undefined) return [];
  const refreshed = steps.filter(({ activity, to }) => activity === REFRESH && to <= asked);
  return [
    { activity: PROGRAM, from: Math.max(begun, ...refreshed.map(({ to }) => to)), to: asked },
  ];
}

function isProvider({ type }: StepMetadata): boolean {
  return type.startsWith("pulumi:providers:");
}

/** Steps that took no time are left out; one whose end was not seen lasts to the end of the run. */
function intervalsOf(events: readonly TimedEvent[], seconds: number): Interval[] {
  const open = new Map<string, { from: number; activity: Activity }>();
  const done: Interval[] = [];
  for (const { at, event } of events) {
    const begun = event.resourcePreEvent?.metadata;
    const ended = (event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
    if (begun && !isWhole(begun)) {
      open.set(keyOf(begun), { from: at, activity: activityOf(begun) });
    }
    if (!ended) continue;
    const started = open.get(keyOf(ended));
    if (!started) continue;
    open.delete(keyOf(ended));
    if (at > started.from) done.push({ ...started, to: at });
  }
  return [...done, ...[...open.values()].map((started) => ({ ...started, to: seconds }))];
}

/** Components and the stack last as long as everything in them. */
function isWhole({ type, op }: StepMetadata): boolean {
  return op !== "refresh" && (type.startsWith("homelab:") || type === "pulumi:pulumi:Stack");
}

function keyOf({ op, urn }: StepMetadata): string {
  return `${op} ${urn}`;
}

function activityOf({ op, type, urn }: StepMetadata): Activity {
  if (op === "refresh") return REFRESH;
  const name = urn.split("::").at(-1) ?? "";
  if (type.startsWith("docker:index/container:")) return CONTAINERS;
  if (/^docker:index\/(network|volume):/.test(type)) return NETWORKS;
  if (!type.startsWith("command:")) return OTHER;
  if (name === "images") return IMAGES;
  if (name.startsWith("gate-")) return GATES;
  if (name.endsWith("-gate")) return HEALTH;
  if (name.endsWith("-role")) return ROLES;
  return FILES;
}
