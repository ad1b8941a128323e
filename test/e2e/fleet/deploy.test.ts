import { beforeAll, describe, expect, it } from "vitest";
import { parseBootRecord } from "../../../model/boot-record.ts";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { buildGraph } from "../../../model/graph.ts";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { BOOT_RECORD_FILE } from "../../../model/paths.ts";
import { declaredHost } from "../support/declared.ts";
import {
  containerIds,
  containers,
  homelab,
  on,
  openLab,
  preview,
  type Lab,
} from "../support/lab.ts";
import { recordStarts } from "../support/start-events.ts";

/** How many containers a host has; Coolify's own, on the NAS, are not ours. */
async function declaredCount(host: HostName): Promise<number> {
  return (await declaredHost(lab, host)).services.length;
}

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});

function onEach<T>(what: (host: HostName) => Promise<T>): Promise<T[]> {
  return Promise.all(HOSTS.map(what));
}

describe("make sandbox on engines without containers", () => {
  it("makes every container healthy, and starts none before what it needs is ready, on whichever host that is", async () => {
    await onEach((host) => on(lab, host, "docker ps --all --quiet | xargs -r docker rm --force"));
    const recordings = HOSTS.map((host) => ({ host, recording: recordStarts(lab, host) }));
    const deployed = await homelab(lab, ["sandbox", "up", "--deploy"]);
    const times = new Map<string, bigint>();
    for (const { host, recording } of recordings) {
      for (const { container, action, time } of await recording.stop()) {
        const id = `${host}/${container} ${action}`;
        // The first of each: a container that was started again is found out by its order.
        if (!times.has(id)) times.set(id, time);
      }
    }
    expect(deployed.code, deployed.output).toBe(0);

    for (const host of HOSTS) {
      const running = await containers(lab, host);
      expect(running.size, host).toBe(await declaredCount(host));
      expect([...running].filter(([, status]) => !status.includes("(healthy)"))).toEqual([]);
    }

    const graph = buildGraph(await onEach((host) => declaredHost(lab, host)));
    const edges = graph.edges.filter(({ to }) => graph.nodes.get(to)?.kind === "service");
    const across = edges.filter(({ from, to }) => from.split("/")[0] !== to.split("/")[0]);
    expect(edges.length).toBeGreaterThan(60);
    expect(across.map(({ from, to }) => `${from} ${to}`)).toEqual(
      expect.arrayContaining([
        "docker-vm/vaultwarden-backup nas/restic-rest",
        "docker-vm/watchtower vps/ntfy",
        "nas/offsite-sync vps/headscale",
      ]),
    );
    for (const { from, to, condition } of edges) {
      const needed = times.get(`${to} ${condition === "started" ? "start" : "healthy"}`);
      const started = times.get(`${from} start`);
      expect(needed, `${to} was seen ${condition}`).toBeDefined();
      expect(started, `${from} was seen to start`).toBeDefined();
      expect((needed ?? 0n) < (started ?? 0n), `${from} starts after ${to}`).toBe(true);
    }
  });

  it("has Watchtower start last of the Docker VM", async () => {
    const starts = await on(
      lab,
      "docker-vm",
      "docker ps --quiet | xargs docker inspect --format '{{.State.StartedAt}} {{.Name}}' | sort | tail -n 1",
    );
    expect(starts).toMatch(/\/watchtower$/);
  });

  it("leaves each host watched, by an orchestrator that found every service healthy", async () => {
    await onEach(async (host) => {
      expect(await on(lab, host, `systemctl is-active ${BOOT_UNIT}`), host).toBe("active");
      const record = parseBootRecord(await on(lab, host, `cat ${BOOT_RECORD_FILE}`));
      const states = Object.values(record?.services ?? {}).map(({ state }) => state);
      expect(states, host).toHaveLength(await declaredCount(host));
      expect(new Set(states), host).toEqual(new Set(["healthy"]));
    });
  });

  it("writes each host's plan, which names every service and the commit", async () => {
    await onEach(async (host) => {
      const text = await on(lab, host, `cat /opt/homelab/desired/${host}.json`);
      const plan = JSON.parse(text) as { services: unknown[]; commit: string };
      expect(plan.services).toHaveLength(await declaredCount(host));
      expect(plan.commit).toMatch(/^([0-9a-f]{40}|unknown)$/);
    });
  });
});

describe("a homelab with nothing to do", () => {
  it("is left alone by a second make sandbox", async () => {
    const before = await onEach((host) => containerIds(lab, host));
    const { code, output } = await homelab(lab, ["sandbox", "up", "--deploy"]);
    expect(code, output).toBe(0);
    // One line for each stack: nothing but "N unchanged".
    expect(output.match(/\d+ (?=unchanged|created|updated|replaced|deleted)\w+/g)?.length).toBe(3);
    expect(output.match(/\d+ unchanged/g)?.length, output.slice(-3000)).toBe(3);
    expect(await onEach((host) => containerIds(lab, host))).toEqual(before);
  });

  it("has nothing to change on any host, says a preview", async () => {
    await onEach(async (host) => {
      const { code, output } = await preview(lab, host, ["--expect-no-changes"]);
      expect(code, output).toBe(0);
    });
  });

  it("has nothing to change on the Docker VM either, says one that asks the provider", async () => {
    const args = ["--expect-no-changes", "--refresh"];
    const { code, output } = await preview(lab, "docker-vm", args);
    expect(code, output).toBe(0);
  });
});
