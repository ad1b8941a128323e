// A household as the page gets to see it: one mount is away, and what needs it is not well.
import type { Action, Binding } from "../../../control-plane/contract/actions.ts";
import type { State } from "../../../control-plane/contract/page-api.ts";
import type { HostWorld, ServiceWorld } from "../../../control-plane/contract/world.ts";
import { summaryOf } from "../../../control-plane/operator-ui/summary.ts";
import { action, before, COMMIT, DIGEST, host, NOW, service } from "./imitated-parts.ts";

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
