import { describe, expect, it } from "vitest";
import { parseContainers } from "../../bench/soak-machine.ts";
import {
  mountNeeds,
  problemsAfter,
  seeded,
  shuffled,
  shuffledPlan,
  type BootFacts,
  type ContainerFacts,
} from "../../bench/soak-scenarios.ts";
import { hostPlan } from "../../model/host-plan.ts";
import { hostNamed } from "../support/fleet.ts";

const host = hostNamed("docker-vm");
const needs = mountNeeds(host);

/** A boot after which everything runs, started in the order of the list, except what is given. */
function facts(
  changes: Record<string, Partial<ContainerFacts>>,
  rest: Partial<BootFacts> = {},
): BootFacts {
  const containers = host.services.map(({ name }, index): ContainerFacts => ({
    ...{ name, status: "running", health: "healthy", restarts: 0 },
    ...{ startedAt: 5000 + index, ...changes[name] },
  }));
  return { containers, filesBelowMounts: 0, cutAt: 1000, servedAt: undefined, ...rest };
}

const stopped = { status: "exited", health: "unhealthy" } as const;
const held = Object.fromEntries(needs.held.map((name) => [name, stopped]));
const absent = { mounts: "absent" } as const;

describe("what the Docker VM needs of its mounts", () => {
  it("is held back where it is hard, and degraded where it is soft", () => {
    expect(needs.held).toEqual(["immich-server", "jellyfin", "qbittorrent", "radarr", "sonarr"]);
    expect(needs.degraded).toContain("frigate");
  });
});

describe("a boot without the mounts", () => {
  it("is good when what needs them waits and the rest is healthy", () => {
    expect(problemsAfter(absent, facts(held), host)).toEqual([]);
  });

  it("is bad when one runs without its mount, or one that could run does not", () => {
    const { jellyfin: _, ...others } = held;
    expect(problemsAfter(absent, facts({ ...others, frigate: stopped }), host)).toEqual([
      "frigate is exited and unhealthy",
      "jellyfin runs without the mount it cannot run without",
    ]);
  });

  it("is bad when something was written below a mount point", () => {
    const found = problemsAfter(absent, facts(held, { filesBelowMounts: 2 }), host);
    expect(found).toEqual(["2 files below unmounted mount points"]);
  });
});

describe("a boot with late mounts", () => {
  const late = { mounts: "late", lateSeconds: 20 } as const;

  it("is bad when one started before its mount, crashed again and again, or is gone", () => {
    const some = facts(
      { jellyfin: { startedAt: 3000 }, caddy: { restarts: 3 }, pihole: { startedAt: 2000 } },
      { servedAt: 4000 },
    );
    const found = problemsAfter(
      late,
      { ...some, containers: some.containers.filter(({ name }) => name !== "dozzle") },
      host,
    );
    expect(found).toEqual([
      "caddy crashed 3 times",
      "dozzle is gone",
      "jellyfin started before its mount was there",
    ]);
  });
});

describe("the order of a boot", () => {
  it("is good when everything started after what it cannot run without", () => {
    const onTime = { mounts: "late", lateSeconds: 0 } as const;
    expect(problemsAfter(onTime, facts({}), host)).toEqual([]);
  });

  it("is bad when one started before", () => {
    const onTime = { mounts: "late", lateSeconds: 0 } as const;
    const early = facts({ frigate: { startedAt: 4000 } });
    expect(problemsAfter(onTime, early, host)).toEqual(["frigate started before mosquitto"]);
  });
});

describe("the shuffle", () => {
  it("is the same for the same seed, another for another, and loses nothing", () => {
    const names = host.services.map(({ name }) => name);
    const once = shuffled(names, seeded(7));
    expect(shuffled(names, seeded(7))).toEqual(once);
    expect(shuffled(names, seeded(8))).not.toEqual(once);
    expect([...once].sort()).toEqual([...names].sort());
  });

  it("shortens the waits for mounts in the plan, and changes nothing but that and the order", () => {
    const plan = hostPlan(host, { version: 1, images: {} }, "none");
    const other = shuffledPlan(plan, seeded(1), 90);
    const mounts = other.gates.filter(({ condition }) => condition.kind === "mount");
    expect(mounts.map(({ limitSeconds }) => limitSeconds)).toEqual([90, 90, 90, 90]);
    const byName = (one: typeof plan) =>
      [...one.services].sort((a, b) => a.name.localeCompare(b.name));
    expect(byName(other)).toEqual(byName(plan));
  });
});

describe("the engine's words about containers", () => {
  it("are read, also for one that never ran", () => {
    const text = `/caddy running healthy 1 2000-01-01T00:00:01.5Z
/jellyfin created none 0 0001-01-01T00:00:00Z`;
    expect(parseContainers(text)).toEqual([
      { name: "caddy", status: "running", health: "healthy", restarts: 1, startedAt: 946684801500 },
      { name: "jellyfin", status: "created", health: "none", restarts: 0, startedAt: 0 },
    ]);
  });
});
