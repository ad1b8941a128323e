// A household as the page gets to see it: one mount is away, and what needs it is not well.
import { bindingHash, type Action, type Binding } from "../../../control-plane/contract/actions.ts";
import type { LoggedEvent } from "../../../control-plane/contract/logged-event.ts";
import type { Graph, HostHistory, State } from "../../../control-plane/contract/page-api.ts";
import type { HostWorld, ServiceWorld } from "../../../control-plane/contract/world.ts";
import { summaryOf } from "../../../control-plane/operator-ui/summary.ts";

/** When everything is. */
export const NOW = Date.parse("2026-11-26T12:00:00.000Z");

/** So many seconds before that. */
export function before(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

type Health = ServiceWorld["state"];

const DIGEST = `sha256:${"ab".repeat(32)}`;
const COMMIT = "4f1c0de5".repeat(5);

/** A service as it is in such a state. */
export function service(state: Health, more: Partial<ServiceWorld> = {}): ServiceWorld {
  const isSilent = state === "unknown" || state === "unreachable";
  const container = {
    id: "c0".repeat(32),
    image: "registry.lan/app:1.2.3",
    digest: DIGEST,
    spec: "5".repeat(16),
    startedAt: before(90_000),
    exitCode: state === "exited" ? 137 : null,
    outOfMemory: false,
    restarts: 0,
    at: before(25),
  };
  return {
    state,
    since: before(state === "healthy" ? 90_000 : 260),
    at: before(25),
    was: isSilent ? "healthy" : null,
    reason: null,
    planned: true,
    container: state === "missing" ? null : container,
    asked: false,
    heldBy: null,
    ...more,
  };
}

/** A host that is fresh, with these services. */
export function host(
  name: string,
  services: Readonly<Record<string, ServiceWorld>>,
  more: Partial<HostWorld> = {},
): HostWorld {
  return {
    version: 1,
    host: name,
    sequence: 4200,
    freshness: { state: "fresh", since: before(86_000), heard: before(3), silentAfterSeconds: 30 },
    gap: null,
    program: { build: "4f1c0de5", boot: "b1", at: before(86_000) },
    engine: { state: "answers", reason: null, at: before(25) },
    plan: { digest: "7".repeat(16), commit: COMMIT, at: before(25) },
    maintenance: null,
    hold: null,
    deploying: null,
    looked: before(25),
    clockAheadSeconds: 0,
    services: { ...services },
    gates: {},
    backups: {},
    counts: { events: 4200, late: 0, lost: 0 },
    ...more,
  };
}

/** An action of a verb. @param id one hexadecimal digit, which is repeated */
export function action(id: string, verb: Binding["verb"], more: Partial<Action> = {}): Action {
  const on = more.binding?.host ?? "docker-vm";
  const binding: Binding = {
    verb,
    host: on,
    target: "jellyfin",
    plan: "7".repeat(16),
    observed: "1".repeat(64),
    commit: null,
    digests: [DIGEST],
    ...more.binding,
  };
  return {
    version: 1,
    id: id.repeat(32),
    reason: "jellyfin was stopped and nothing holds it back",
    evidence: [{ fact: "the engine says that it exited", sequence: 4190, at: before(260) }],
    rootCause: `${on}/${binding.target}`,
    risk: "low",
    blastRadius: { restarts: [`${on}/${binding.target}`], degrades: [], data: [] },
    reversibility: { kind: "nothing-to-undo", how: "it is stopped again" },
    proposedAt: before(240),
    expires: before(-3300),
    state: "pending",
    since: before(240),
    decision: null,
    authority: null,
    claimedBy: null,
    outcome: null,
    supersededBy: null,
    ...more,
    binding,
    hash: bindingHash(binding),
  };
}

const decided = { by: "anna", at: before(120), reason: null };

/** Everything at once. */
export function household(more: Partial<State> = {}): State {
  const hosts = more.hosts ?? [dockerVm(), nas(), vps()];
  const actions = more.actions ?? queue();
  const health = observer();
  return {
    version: 1,
    build: "4f1c0de5",
    at: before(0),
    summary: summaryOf({ hosts, actions, health, unreadable: 0 }, "4f1c0de5", NOW),
    hosts,
    actions,
    incidents: [
      {
        cause: "docker-vm/gate:nas-media",
        detail: "is closed: the share of the NAS is not mounted",
        since: before(3900),
        flapping: false,
        affected: ["docker-vm/jellyfin", "docker-vm/immich", "docker-vm/sonarr"],
        action: "1".repeat(32),
        withheld: null,
      },
      {
        cause: "nas/scrutiny",
        detail: "is unhealthy",
        since: before(1500),
        flapping: true,
        affected: [],
        action: null,
        withheld: "it comes and goes",
      },
    ],
    drift: [
      {
        host: "docker-vm",
        withheld: null,
        looked: before(25),
        differences: [
          {
            service: "grafana",
            kind: "image",
            declared: `sha256:${"cd".repeat(32)}`,
            found: DIGEST,
            at: before(25),
          },
          {
            service: "sonarr",
            kind: "made",
            declared: "6".repeat(16),
            found: "5".repeat(16),
            at: before(25),
          },
        ],
      },
      {
        host: "nas",
        withheld: null,
        looked: before(25),
        differences: [
          {
            service: null,
            kind: "plan",
            declared: "8".repeat(16),
            found: "7".repeat(16),
            at: before(25),
          },
        ],
      },
      {
        host: "vps",
        withheld: "nobody knows how it is now",
        looked: before(330),
        differences: [],
      },
    ],
    supervisor: { at: before(4), blind: null },
    observer: health,
    ...more,
  };
}

function observer(): NonNullable<State["observer"]> {
  return {
    version: 1,
    build: "4f1c0de5",
    at: before(1),
    began: before(86_400),
    sequence: 4200,
    writable: true,
    problem: null,
    read: { lines: 4000, torn: 0, garbage: 0, duplicates: 0, missing: 0 },
    taken: { events: 200, duplicates: 0, refused: 0, denied: 0, clockWentBack: 0 },
    kept: { bytes: 1_400_000, since: "2026-10-27" },
    withoutToken: [],
  };
}

const WELL = ["adguard", "authelia", "caddy", "forgejo", "grafana", "home-assistant", "immich-db"];
const MORE = [
  "immich-redis",
  "mosquitto",
  "node-exporter",
  "paperless",
  "paperless-db",
  "prometheus",
];

function dockerVm(): HostWorld {
  const well = [...WELL, ...MORE, "vaultwarden"].map((name) => [name, service("healthy")] as const);
  const sick = {
    jellyfin: service("exited", { heldBy: "gate:nas-media" }),
    immich: service("exited", { heldBy: "gate:nas-media" }),
    sonarr: service("unhealthy"),
    "immich-migrate": service("exited", {
      container: { ...containerOf(service("exited")), exitCode: 0 },
    }),
    zigbee2mqtt: service("starting"),
  };
  return host(
    "docker-vm",
    { ...Object.fromEntries(well), ...sick },
    {
      gates: {
        "nas-media": { state: "closed", since: before(3900), at: before(25), seen: "not mounted" },
      },
      backups: {
        "paperless-db": { ageSeconds: 31_000, at: before(40) },
        "immich-db": {
          ageSeconds: 32_400,
          at: before(40),
          verified: { at: before(500_000), good: true },
        },
        vaultwarden: { ageSeconds: 320_000, at: before(40), verified: null },
        forgejo: { ageSeconds: null, at: before(40) },
      },
    },
  );
}

function containerOf({ container }: ServiceWorld): NonNullable<ServiceWorld["container"]> {
  if (container === null) throw new Error("it has no container");
  return container;
}

function nas(): HostWorld {
  return host(
    "nas",
    {
      minio: service("healthy"),
      "rest-server": service("healthy"),
      scrutiny: service("unhealthy"),
    },
    { clockAheadSeconds: -7, backups: { minio: { ageSeconds: 20_000, at: before(35) } } },
  );
}

function vps(): HostWorld {
  const silent = service("unreachable", { since: before(300), at: before(330) });
  return host(
    "vps",
    { headscale: silent, caddy: silent, "uptime-kuma": silent },
    {
      freshness: {
        state: "unreachable",
        since: before(300),
        heard: before(330),
        silentAfterSeconds: 30,
      },
      engine: { state: "unreachable", reason: null, at: before(330) },
      plan: { digest: "7".repeat(16), commit: COMMIT, at: before(330) },
    },
  );
}

function queue(): Action[] {
  const remount: Binding = {
    verb: "remount",
    host: "docker-vm",
    target: "nas-media",
    plan: "7".repeat(16),
    observed: "1".repeat(64),
    commit: COMMIT,
    digests: [],
  };
  const on = (verb: Binding["verb"], hostName: string, target: string): Binding => ({
    ...remount,
    verb,
    host: hostName,
    target,
    commit: verb === "deploy-host" ? COMMIT : null,
    digests: verb === "deploy-host" ? [] : [DIGEST],
  });
  return [
    action("1", "remount", {
      binding: remount,
      reason: "the share of the NAS is not mounted, and three services wait for it",
      rootCause: "docker-vm/gate:nas-media",
      blastRadius: {
        restarts: [],
        degrades: ["docker-vm/immich", "docker-vm/jellyfin", "docker-vm/sonarr"],
        data: [],
      },
    }),
    action("2", "deploy-host", {
      binding: on("deploy-host", "nas", "nas"),
      reason: "its plan is not the repository's",
      rootCause: "nas",
      risk: "high",
      reversibility: { kind: "by-receipt", how: "npx homelab rollback nas" },
    }),
    action("3", "restart", {
      binding: on("restart", "docker-vm", "sonarr"),
      state: "running",
      since: before(20),
      decision: decided,
      claimedBy: "docker-vm",
      reason: "sonarr runs and fails its check",
    }),
    action("4", "start", {
      binding: on("start", "nas", "minio"),
      state: "verified",
      since: before(1800),
      decision: decided,
      outcome: "started, and healthy 9 s later",
      reason: "minio was stopped",
    }),
    action("5", "restart", {
      binding: on("restart", "nas", "scrutiny"),
      state: "failed",
      since: before(900),
      decision: decided,
      outcome: "it is unhealthy after it was restarted",
      reason: "scrutiny fails its check",
    }),
  ];
}

const NEEDS: readonly (readonly [string, string, "hard" | "soft"])[] = [
  ["jellyfin", "gate:nas-media", "hard"],
  ["immich", "gate:nas-media", "hard"],
  ["immich", "immich-db", "hard"],
  ["immich", "immich-redis", "hard"],
  ["sonarr", "gate:nas-media", "hard"],
  ["immich-migrate", "immich-db", "hard"],
  ["paperless", "paperless-db", "hard"],
  ["paperless", "authelia", "soft"],
  ["grafana", "prometheus", "hard"],
  ["prometheus", "node-exporter", "soft"],
  ["home-assistant", "mosquitto", "hard"],
  ["home-assistant", "zigbee2mqtt", "soft"],
  ["zigbee2mqtt", "mosquitto", "hard"],
  ["caddy", "authelia", "soft"],
  ["caddy", "jellyfin", "soft"],
  ["caddy", "immich", "soft"],
  ["caddy", "paperless", "soft"],
  ["caddy", "grafana", "soft"],
  ["caddy", "vaultwarden", "soft"],
  ["caddy", "forgejo", "soft"],
  ["forgejo", "authelia", "soft"],
];

const CATEGORIES: Readonly<Record<string, string>> = {
  grafana: "monitoring",
  prometheus: "monitoring",
  "node-exporter": "monitoring",
  scrutiny: "monitoring",
  jellyfin: "media",
  immich: "media",
  sonarr: "media",
  caddy: "networking",
  paperless: "documents",
};

/** What needs what in it. */
export function graph(state: State = household()): Graph {
  const nodes = state.hosts.flatMap(({ host: on, services, gates }) => [
    ...Object.keys(services).map((name) => nodeOf(on, name)),
    ...Object.keys(gates).map((name) => nodeOf(on, `gate:${name}`)),
  ]);
  const edges = NEEDS.map(([from, to, strength]) => ({
    from: `docker-vm/${from}`,
    to: `docker-vm/${to}`,
    condition: "healthy" as const,
    strength,
    why: strength === "hard" ? "it cannot start without" : null,
  }));
  const across = {
    from: "docker-vm/gate:nas-media",
    to: "nas/minio",
    condition: "healthy" as const,
    strength: "hard" as const,
    why: null,
  };
  return { version: 1, nodes, edges: [...edges, across] };
}

function nodeOf(on: string, name: string): Graph["nodes"][number] {
  const isGate = name.startsWith("gate:");
  const category = isGate ? "gate" : (CATEGORIES[name] ?? "core");
  return {
    id: `${on}/${name}`,
    host: on,
    service: name,
    kind: isGate ? "gate" : "service",
    category,
  };
}

/** What happened in it, the newest first. */
export function events(count = 40): LoggedEvent[] {
  const kinds = [
    { kind: "gate", subject: "nas-media", text: "closed: not mounted" },
    { kind: "engine", subject: "jellyfin", text: "die (exit code 137)" },
    { kind: "held", subject: "immich", text: "held back by gate:nas-media" },
    { kind: "engine", subject: "sonarr", text: "unhealthy" },
    { kind: "deployment", subject: null, text: "deployment ended done" },
  ];
  return Array.from({ length: count }, (_, at) => ({
    sequence: 4200 - at * 3,
    at: before(30 + at * 77),
    host: "docker-vm",
    ...(kinds[at % kinds.length] ?? { kind: "engine", subject: null, text: "" }),
  }));
}

/** What lies behind its hosts: two deployments and a boot of one, one deployment of another. */
export function histories(): HostHistory[] {
  const spec = (digit: string): string => digit.repeat(16);
  const image = (digit: string): string => `registry.lan/app:1@sha256:${digit.repeat(64)}`;
  const receipt = (ago: number, services: HostHistory["receipts"][number]["services"]) => ({
    began: before(ago),
    ended: before(ago - 200),
    by: "anna@desk",
    commit: COMMIT,
    plan: "7".repeat(16),
    only: null,
    putBack: null,
    services,
    at: before(ago - 201),
  });
  const old = [
    { service: "grafana", image: image("a"), spec: spec("1") },
    { service: "jellyfin", image: image("b"), spec: spec("2") },
    { service: "sonarr", image: image("c"), spec: spec("3") },
  ];
  const now = [
    { service: "grafana", image: image("d"), spec: spec("1") },
    { service: "immich", image: image("e"), spec: spec("4") },
    { service: "sonarr", image: image("c"), spec: spec("5") },
  ];
  const base = { version: 1 as const, at: before(2), hold: null };
  return [
    {
      ...base,
      host: "docker-vm",
      receipts: [
        { ...receipt(3600, now), commit: "5".repeat(40), plan: "9".repeat(16) },
        receipt(90_000, old),
      ],
      boot: {
        began: before(86_000),
        seconds: 64,
        at: before(85_900),
        gates: [
          { gate: "nas-media", opened: null, seen: "not mounted" },
          { gate: "clock", opened: 1.2, seen: null },
        ],
        services: [
          {
            service: "grafana",
            outcome: "healthy",
            waits: [{ on: "prometheus", until: 9.4 }],
            started: 9.5,
            settled: 21,
            why: null,
          },
          {
            service: "prometheus",
            outcome: "healthy",
            waits: [],
            started: 0.2,
            settled: 9.4,
            why: null,
          },
          {
            service: "jellyfin",
            outcome: "held",
            waits: [],
            started: null,
            settled: 60,
            why: "gate:nas-media",
          },
          {
            service: "caddy",
            outcome: "healthy",
            waits: [
              { on: "jellyfin", until: null },
              { on: "authelia", until: 12 },
            ],
            started: 62,
            settled: 64,
            why: null,
          },
        ],
      },
    },
    { ...base, host: "nas", receipts: [receipt(7200, old.slice(0, 1))], boot: null },
    { ...base, host: "vps", receipts: [], boot: null },
  ];
}
