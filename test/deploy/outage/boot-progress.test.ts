import { describe, expect, it } from "vitest";
import { changesIn, notUp, progressText } from "../../../deploy/outage/boot-progress.ts";
import type { BootRecord, RecordedService } from "../../../model/boot-record.ts";

const SINCE = "2026-11-27T02:00:00.000Z";

function recordOf(states: Readonly<Record<string, Partial<RecordedService>>>): BootRecord {
  const services = Object.entries(states).map(
    ([name, state]) => [name, { state: "healthy", since: SINCE, restarts: 0, ...state }] as const,
  );
  const gates = {
    "gate:media": { open: false, since: SINCE, seen: "nothing is\nmounted" },
    "gate:dri": { open: true, since: SINCE },
  };
  return {
    ...{ version: 1, host: "docker-vm", began: SINCE, gates },
    services: Object.fromEntries(services),
  };
}

function needing(name: string, ...on: string[]) {
  const how = { condition: "healthy", strength: "hard", limitSeconds: 30 } as const;
  return { name, requires: on.map((one) => ({ on: one, ...how })) };
}

describe("how far a boot is", () => {
  it("says who is started, and who waits for what of its host that is not there", () => {
    const plan = [
      needing("jellyfin", "gate:media", "gate:dri", "nas/restic-rest"),
      needing("homeassistant", "mosquitto", "caddy"),
    ];
    const record = recordOf({
      ...{ caddy: {}, backup: { state: "completed" }, mosquitto: { state: "starting" } },
      ...{ jellyfin: { state: "waiting" }, homeassistant: { state: "waiting" } },
      ...{ sonarr: { state: "held" }, radarr: { state: "failed" }, frigate: { state: "stopping" } },
    });
    expect(progressText(plan, record)).toBe(
      "2 of 8 services up; starting: mosquitto; stopping: frigate; waiting: jellyfin (for gate:media), homeassistant (for mosquitto); held back: sonarr; failed: radarr",
    );
  });

  it("tells each that comes up or is given up once", () => {
    const first = recordOf({ caddy: {}, mosquitto: { state: "starting" } });
    const second = recordOf({ caddy: {}, mosquitto: {}, grafana: { state: "failed" } });
    expect(changesIn(undefined, first)).toEqual({ up: ["caddy"], failed: [] });
    expect(changesIn(first, second)).toEqual({ up: ["mosquitto"], failed: ["grafana"] });
    expect(changesIn(second, second)).toEqual({ up: [], failed: [] });
  });

  it("says of each that is not up why, and what holds it back, in one line", () => {
    const record = recordOf({
      ...{ caddy: {}, sonarr: { state: "held", by: "gate:media" } },
      ...{ radarr: { state: "held", by: "sonarr" }, grafana: { state: "removed" } },
      ...{ vmagent: { state: "failed", reason: "it keeps crashing" } },
    });
    const when = "and starts by itself when that is there";
    expect(notUp(record)).toEqual(
      new Map([
        ["sonarr", `is held back by gate:media (nothing is mounted), ${when}`],
        ["radarr", `is held back by sonarr, ${when}`],
        ["grafana", "has no container any more"],
        ["vmagent", "failed: it keeps crashing"],
      ]),
    );
  });
});
