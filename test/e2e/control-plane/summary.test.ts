import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateSchema } from "../../../control-plane/contract/page-api.ts";
import { summarySchema, type Summary } from "../../../control-plane/contract/summary.ts";
import { parseSupervisorState } from "../../../control-plane/contract/supervisor-state.ts";
import { parseHostWorld } from "../../../control-plane/contract/world.ts";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { declaredFleet, declaredSite } from "../support/declared.ts";
import { containers, on, openLab, pulumi, tryOn, type Lab } from "../support/lab.ts";

/** A service of the Docker VM that nothing else needs. */
const STOPPED = "bentopdf";

let lab: Lab;
let observer: string;
beforeAll(async () => {
  lab = await openLab();
  observer = `http://${(await declaredSite(lab)).hosts.vps.mesh}:8081`;
});
afterAll(() => tryOn(lab, "docker-vm", `docker start ${STOPPED}`));

async function summary(): Promise<Summary> {
  const text = await on(lab, "vps", "curl --silent --fail http://localhost:8080/summary");
  return summarySchema.parse(JSON.parse(text));
}

async function world(host: HostName) {
  return parseHostWorld(await on(lab, "vps", `cat /opt/homelab/world/${host}.json`));
}

/** Waits on the VPS until the world says so of a service; answers the milliseconds that it took. */
async function untilWorldSays(host: HostName, service: string, state: string): Promise<number> {
  const script = `node - <<'END'
const { readFileSync } = require("node:fs");
const began = Date.now();
const look = () => {
  const { services } = JSON.parse(readFileSync("/opt/homelab/world/${host}.json", "utf8"));
  const waited = Date.now() - began;
  if (services["${service}"]?.state === "${state}") return console.log(waited);
  if (waited > 30000) process.exit(1);
  setTimeout(look, 50);
};
look();
END`;
  return Number(await on(lab, "vps", script));
}

async function declaredCounts(): Promise<Record<HostName, number>> {
  const fleet = await declaredFleet(lab);
  const counts = HOSTS.map((host) => [host, fleet[host].declaration.services.length] as const);
  return Object.fromEntries(counts) as Record<HostName, number>;
}

describe("the control plane", () => {
  it("hears every host, and counts every service that is declared as healthy", async () => {
    const counts = await declaredCounts();
    const all = HOSTS.reduce((sum, host) => sum + counts[host], 0);
    await expect
      .poll(async () => (await summary()).services.byState.healthy, { timeout: 120_000 })
      .toBeGreaterThanOrEqual(all);
    const seen = await summary();
    expect(seen.observer).toMatchObject({ state: "fresh", writable: true });
    expect(seen.hosts).toMatchObject({ total: 3, fresh: 3, unreachable: 0, unknown: 0 });
    expect(seen.services.planned).toBe(all);
    expect(seen.services.total).toBe(all + seen.services.unplanned);
    expect(seen.unreadable).toBe(0);
    for (const host of HOSTS) {
      const planned = Object.values((await world(host))?.services ?? {}).filter(
        (service) => service.planned,
      );
      expect(planned, host).toHaveLength(counts[host]);
    }
  });

  it("has a container that was stopped by hand in its world within seconds, and its start too", async () => {
    await on(lab, "docker-vm", `docker stop ${STOPPED}`);
    // With the time that it takes to log in to the VPS; what the Observer needs is far below it.
    expect(await untilWorldSays("docker-vm", STOPPED, "exited")).toBeLessThan(2000);
    const { healthy } = (await summary()).services.byState;
    await on(lab, "docker-vm", `docker start ${STOPPED}`);
    expect(await untilWorldSays("docker-vm", STOPPED, "healthy")).toBeLessThan(30_000);
    expect((await summary()).services.byState.healthy).toBe(healthy + 1);
  });

  it("compares what it sees with what the VPS's stack declared, and is blind to nothing", async () => {
    const state = "cat /opt/homelab/state/control-plane/supervisor.json";
    await expect
      .poll(async () => parseSupervisorState(await on(lab, "vps", state))?.blind, {
        timeout: 60_000,
      })
      .toBeNull();
    const plans = parseSupervisorState(await on(lab, "vps", state))?.desired.plans;
    for (const host of HOSTS) expect((await world(host))?.plan?.digest, host).toBe(plans?.[host]);
  });

  it("runs as its own user in root file systems that it cannot write, in little memory", async () => {
    const names = [...(await containers(lab, "vps")).keys()].filter((name) =>
      name.startsWith("control-plane-"),
    );
    expect(names).toHaveLength(4);
    for (const name of names) {
      expect(await on(lab, "vps", `docker exec ${name} id -u`), name).toBe("1000");
      const { code } = await tryOn(lab, "vps", `docker exec ${name} touch /new`);
      expect(code, name).not.toBe(0);
      const status = `grep CapEff /proc/$(docker inspect --format '{{.State.Pid}}' ${name})/status`;
      expect(await on(lab, "vps", status), name).toMatch(/\s0+$/);
    }
    const stats = await on(
      lab,
      "vps",
      `docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' ${names.join(" ")}`,
    );
    const used = [...stats.matchAll(/ ([\d.]+)MiB \//g)].map(([, mebibytes]) => Number(mebibytes));
    expect(used, stats).toHaveLength(names.length);
    expect(
      used.reduce((sum, each) => sum + each, 0),
      stats,
    ).toBeLessThan(300);
  });

  it("lets nobody speak for a host without its token, and is at no address but the mesh's", async () => {
    const post = (authorization: string) =>
      `curl --silent --output /dev/null --write-out '%{http_code}' --header 'Content-Type: application/json' ${authorization} --data '{}' ${observer}/events`;
    expect(await on(lab, "nas", post(""))).toBe("401");
    const stranger = `--header 'Authorization: Bearer ${"x".repeat(48)}'`;
    expect(await on(lab, "nas", post(stranger))).toBe("401");
    const work = `curl --silent --output /dev/null --write-out '%{http_code}' ${observer.replace("8081", "8082")}/work`;
    expect(await on(lab, "nas", work)).toBe("401");
    const { vps } = (await declaredSite(lab)).hosts;
    const outside = `curl --silent --max-time 5 http://${vps.lan}:8081/healthz`;
    expect((await tryOn(lab, "nas", outside)).code).not.toBe(0);
    const metrics =
      "curl --silent --output /dev/null --write-out '%{http_code}' http://localhost:8080/metrics";
    expect(await on(lab, "vps", metrics)).toBe("401");
  });

  it("asks who opens its page to log in, and then shows the first user everything, live", async () => {
    const { adminUser, hosts } = await declaredSite(lab);
    const page = `http://${hosts.vps.mesh}:8080`;
    const args = ["config", "get", "homelab:control-plane-password", "--stack", "vps"];
    const password = (await pulumi(lab, args)).output.trim();
    const login = JSON.stringify({ user: adminUser, password });
    const seen = await on(
      lab,
      "docker-vm",
      `folder=$(mktemp -d) && cd "$folder" && trap 'rm -rf "$folder"' EXIT
status="--silent --output /dev/null --write-out %{http_code}\\n"
curl $status ${page}/api/state
curl $status --cookie-jar jar --header 'Origin: ${page}' --json @- ${page}/api/session <<'END'
${login}
END
curl --silent ${page}/ | grep --count page.js
timeout 5 curl --silent --no-buffer --cookie jar ${page}/api/stream | grep --max-count 1 event
curl --silent --cookie jar ${page}/api/state`,
    );
    const [stranger, loggedIn, script, event, state] = seen.split("\n");
    expect([stranger, loggedIn, script, event]).toEqual(["401", "204", "1", "event: state"]);
    const { services } = stateSchema.parse(JSON.parse(state ?? "")).summary;
    expect(services).toEqual((await summary()).services);
  });

  it("leaves no other host's token on the VPS, and each where root alone reads it", async () => {
    for (const host of ["nas", "docker-vm"] as const) {
      const args = ["config", "get", `homelab:observer-token-${host}`, "--stack", host];
      const token = (await pulumi(lab, args)).output.trim();
      const mode = "stat -c '%a %u' /etc/homelab/observer-token";
      expect(await on(lab, host, mode)).toBe("600 0");
      const looked = `token='${token}'
grep --recursive --quiet --fixed-strings "$token" /etc/homelab /opt/homelab && echo found
docker inspect $(docker ps --quiet) | grep --quiet --fixed-strings "$token" && echo found
docker logs control-plane-observer 2>&1 | grep --quiet --fixed-strings "$token" && echo found
:`;
      expect(await on(lab, "vps", looked), host).toBe("");
    }
  });

  it("builds its world anew when its checkpoint is deleted", async () => {
    const { services } = await summary();
    await on(
      lab,
      "vps",
      "rm /opt/homelab/state/control-plane/observer_checkpoint.json && docker restart control-plane-observer",
    );
    await expect
      .poll(async () => (await summary()).services, { timeout: 60_000 })
      .toMatchObject({ total: services.total, byState: { healthy: services.byState.healthy } });
  });
});
