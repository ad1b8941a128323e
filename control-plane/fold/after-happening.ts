// What a host's facts are after each kind of thing that it says.
import { KINDS, type Happening, type Look, type LookedContainer } from "../contract/events.ts";
import { MOST_HISTORY_LETTERS, MOST_RECEIPTS } from "../contract/host-history.ts";
import type { HostLine } from "../contract/log-line.ts";
import { own } from "../contract/observed.ts";
import {
  withGap,
  type GateFacts,
  type HostFacts,
  type KnownState,
  type Moment,
  type OwnRecords,
  type ServiceFacts,
} from "./facts.ts";

/**
 * Of each kind of thing, beyond so many new names come with a look alone, which has bounds of its own:
 * who has one host's token can make up names without end, and all hosts share the Observer's memory.
 */
const MOST_NAMES = 500;

/** The facts of a host after something that it said, received now. */
export function afterHappening(
  host: HostFacts,
  happening: HostLine["happening"],
  now: Moment,
  records: OwnRecords,
): HostFacts {
  switch (happening.kind) {
    case "alive":
      return host;
    case "unread":
      if (!KINDS.includes(happening.of)) return host;
      return withGap(host, now, "something that the host said cannot be read");
    case "hello": {
      const { build, boot } = happening;
      const known = { ...host, program: { build, boot, at: now.at } };
      return withGap(known, now, "the host's program began anew");
    }
    case "gap":
      return withGap(host, now, happening.reason);
    case "look":
      return afterLook(host, happening, now);
    case "engine": {
      if (!hasRoom(host.services, happening.container)) return tooMany(host, now);
      const before = own(host.services, happening.container);
      const after = afterAction(before ?? unseen(now), happening, now);
      return withService(host, happening.container, after, records);
    }
    case "gate":
      if (!hasRoom(host.gates, happening.gate)) return tooMany(host, now);
      return {
        ...host,
        gates: { ...host.gates, [happening.gate]: gateAfter(host, happening, now) },
      };
    case "held": {
      if (!hasRoom(host.services, happening.service)) return tooMany(host, now);
      const before = own(host.services, happening.service) ?? unseen(now);
      return withService(host, happening.service, { ...before, heldBy: happening.by }, records);
    }
    case "backup": {
      const { kind: _kind, job, ...copy } = happening;
      if (!hasRoom(host.backups, job)) return tooMany(host, now);
      return { ...host, backups: { ...host.backups, [job]: { ...copy, at: now.at } } };
    }
    case "boot": {
      const { kind: _kind, ...boot } = happening;
      if (lettersOf(boot) > MOST_HISTORY_LETTERS) {
        // That of before is not the last one any more.
        const { boot: _before, ...others } = host;
        return others;
      }
      return { ...host, boot: { ...boot, at: now.at } };
    }
    case "receipt":
      return { ...host, receipts: receiptsAfter(host.receipts, happening, now) };
    case "deployment":
      return { ...host, deploying: deployingAfter(host, happening, now) };
  }
}

function hasRoom(known: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(known, name) || Object.keys(known).length < MOST_NAMES;
}

function tooMany(host: HostFacts, now: Moment): HostFacts {
  return withGap(host, now, "the host named more than there is room for");
}

function withService(
  host: HostFacts,
  name: string,
  service: ServiceFacts,
  records: OwnRecords,
): HostFacts {
  if (records.has(host.services)) {
    (host.services as Record<string, ServiceFacts>)[name] = service;
    return host;
  }
  const services = { ...host.services, [name]: service };
  records.add(services);
  return { ...host, services };
}

function unseen(now: Moment): ServiceFacts {
  return {
    state: null,
    ...now,
    since: now.at,
    checked: false,
    container: null,
    asked: false,
    heldBy: null,
  };
}

function inState(service: ServiceFacts, state: KnownState, { at, line }: Moment): ServiceFacts {
  return { ...service, at, line, state, since: state === service.state ? service.since : at };
}

type EngineHappening = Extract<Happening, { kind: "engine" }>;

function afterAction(before: ServiceFacts, said: EngineHappening, now: Moment): ServiceFacts {
  const isOther = before.container !== null && before.container.id !== said.id;
  const begins = said.action === "create" || said.action === "start";
  // The end of one whose place another has taken.
  if (isOther && !begins) return before;
  const service =
    before.container === null || isOther
      ? { ...before, container: newContainer(said, now) }
      : before;
  switch (said.action) {
    case "create":
      return inState({ ...service, asked: false }, "created", now);
    case "start":
      return inState({ ...service, asked: false }, service.checked ? "starting" : "running", now);
    case "unpause":
      return inState(service, service.checked ? "starting" : "running", now);
    case "healthy":
    case "unhealthy":
      return inState({ ...service, checked: true }, said.action, now);
    case "pause":
      return inState(service, "paused", now);
    case "kill":
    case "stop":
      return { ...service, asked: true };
    case "oom":
      return withContainer(service, { outOfMemory: true });
    case "die":
      return inState(withContainer(service, { exitCode: said.exitCode ?? null }), "exited", now);
    case "destroy":
      return { ...inState(service, "missing", now), container: null };
  }
}

type Container = NonNullable<ServiceFacts["container"]>;

function newContainer({ id, image }: EngineHappening, now: Moment): Container {
  return {
    id,
    image,
    digest: null,
    spec: null,
    startedAt: null,
    exitCode: null,
    outOfMemory: false,
    restarts: 0,
    at: now.at,
  };
}

function withContainer(service: ServiceFacts, change: Partial<Container>): ServiceFacts {
  return { ...service, container: service.container && { ...service.container, ...change } };
}

function gateAfter(
  host: HostFacts,
  { gate, open, seen }: { readonly gate: string; readonly open: boolean; readonly seen: string },
  { at, line }: Moment,
): GateFacts {
  const before = own(host.gates, gate);
  return { at, line, open, seen, since: before?.open === open ? before.since : at };
}

function deployingAfter(
  host: HostFacts,
  said: Extract<Happening, { kind: "deployment" }>,
  now: Moment,
): HostFacts["deploying"] {
  switch (said.step) {
    case "began":
      return { run: said.run, stage: null, at: now.at };
    case "stage":
    case "failed": {
      const stage = said.stage ?? host.deploying?.stage ?? null;
      const before = host.deploying?.service;
      // Several are made anew at once; the last that began is named until that one is ready.
      const left = before === said.service ? undefined : before;
      const service = said.is === "ready" ? left : said.service;
      return { run: said.run, stage, ...(service === undefined ? {} : { service }), at: now.at };
    }
    case "ended":
      return null;
  }
}

function receiptsAfter(
  before: HostFacts["receipts"] = [],
  { kind: _kind, ...receipt }: Extract<Happening, { kind: "receipt" }>,
  { at }: Moment,
): HostFacts["receipts"] {
  const others = before.filter(({ began }) => began !== receipt.began);
  let letters = 0;
  return [...others, { ...receipt, at }]
    .sort((a, b) => (a.began < b.began ? 1 : -1))
    .slice(0, MOST_RECEIPTS)
    .filter((one) => {
      letters += lettersOf(one);
      return letters <= MOST_HISTORY_LETTERS;
    });
}

function lettersOf(told: object): number {
  return JSON.stringify(told).length;
}

function afterLook(host: HostFacts, look: Look, now: Moment): HostFacts {
  const { engine, plan } = look;
  const seen: HostFacts = {
    ...host,
    looked: now.at,
    gap: null,
    plan: plan && { ...plan, at: now.at },
    maintenance: look.maintenance && { ...look.maintenance, at: now.at },
    hold: look.hold && { ...look.hold, at: now.at },
    deploying: look.deploying ? (host.deploying ?? { run: null, stage: null, at: now.at }) : null,
    gates: Object.fromEntries(
      look.gates.map((gate) => [gate.gate, gateAfter(host, gate, now)] as const),
    ),
    backups: Object.fromEntries(
      look.backups.map(({ job, ...copy }) => [job, { ...copy, at: now.at }] as const),
    ),
    ...(look.certificate && { certificate: { ...look.certificate, at: now.at } }),
    engine: engine.answers
      ? { ...now, answers: true, reason: "" }
      : { ...now, answers: false, reason: engine.reason },
  };
  const heldBy = new Map(look.held.map(({ service, by }) => [service, by]));
  const services = engine.answers
    ? servicesIn(host, engine.containers, plan?.services ?? [], now)
    : host.services;
  const held = Object.entries(services).map(([name, service]) => {
    return [name, { ...service, heldBy: heldBy.get(name) ?? null }] as const;
  });
  return { ...seen, services: Object.fromEntries(held) };
}

/** All that the engine has, and all that is planned and that it has not. */
function servicesIn(
  host: HostFacts,
  containers: readonly LookedContainer[],
  planned: readonly string[],
  now: Moment,
): Record<string, ServiceFacts> {
  const found = containers.map((container) => {
    return [container.name, looked(own(host.services, container.name), container, now)] as const;
  });
  const missing = planned.map((name) => {
    const before = own(host.services, name) ?? unseen(now);
    return [name, { ...inState(before, "missing", now), container: null }] as const;
  });
  return Object.fromEntries([...missing, ...found]);
}

function looked(
  before: ServiceFacts | undefined,
  { name: _name, state, ...container }: LookedContainer,
  now: Moment,
): ServiceFacts {
  const checks = state === "starting" || state === "healthy" || state === "unhealthy";
  const service: ServiceFacts = {
    ...(before ?? unseen(now)),
    checked: checks || (state !== "running" && (before?.checked ?? false)),
    asked: before?.container?.id === container.id && before.asked && state === "exited",
    container: { ...container, at: now.at },
  };
  return inState(service, state, now);
}
