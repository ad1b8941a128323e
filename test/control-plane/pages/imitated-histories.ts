// What lies behind the hosts of that household.
import type { HostHistory } from "../../../control-plane/contract/page-api.ts";
import { before, COMMIT } from "./imitated-parts.ts";

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
