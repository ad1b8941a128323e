import { beforeAll, describe, expect, it } from "vitest";
import { uptimeSettings } from "../../../components/monitoring/uptime-monitors.plan.ts";
import { HOSTS } from "../../../model/host-names.ts";
import type { Listed } from "../../../programs/uptime/differences.ts";
import { Connection } from "../../../programs/uptime/connection.ts";
import { settingsFor } from "../../../programs/uptime/settings.ts";
import { declaredFleet, declaredSite } from "../support/declared.ts";
import { on, openLab, pulumi, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";
import { forwardedPort } from "../support/forwarded-port.ts";

let lab: Lab;
let password: string;
beforeAll(async () => {
  lab = await openLab();
  password = await secret("uptime-kuma-password");
});

async function secret(name: string): Promise<string> {
  const args = ["config", "get", `homelab:${name}`, "--stack", "vps"];
  const { code, output } = await pulumi(lab, args);
  expect(code, output).toBe(0);
  return output.trim();
}

/** Signs in as the person would, through a port of the VPS's loopback. */
async function inUptimeKuma<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const { user } = await settings();
  const port = await forwardedPort(lab, "vps", 3001);
  const connection = await Connection.open(`http://127.0.0.1:${port.number}`);
  try {
    await connection.signIn({ user, password }, undefined);
    return await work(connection);
  } finally {
    connection.close();
    await port.close();
  }
}

async function settings() {
  const fleet = await declaredFleet(lab);
  const hosts = HOSTS.map((host) => fleet[host].declaration);
  return settingsFor(uptimeSettings(await declaredSite(lab), hosts)({ password, token: "" }));
}

async function mend(): Promise<string> {
  const { code, output } = await up(lab, "vps");
  expect(code, output).toBe(0);
  return output;
}

const named = (list: readonly Listed[], name: string) =>
  list.find((monitor) => monitor["name"] === name);

const OWN = {
  name: "My neighbour's page",
  type: "http",
  url: "https://neighbour.example",
  description: "mine",
  interval: 60,
  accepted_statuscodes: ["200-299"],
  notificationIDList: {},
};

describe("Uptime Kuma", () => {
  it("has a monitor for every declared probe, which tells ntfy where the control plane does not", async () => {
    const { monitors, notices } = await settings();
    const [list, told] = await inUptimeKuma(async (connection) => [
      await connection.monitors(),
      await connection.notices(),
    ]);
    expect(monitors.length).toBeGreaterThan(20);
    expect(monitors.filter(({ tells = true }) => tells).length).toBeGreaterThan(1);
    for (const { name, interval, about, tells = true } of monitors) {
      expect(named(list, name), name).toMatchObject({ interval, description: `homelab: ${about}` });
      const notified = Object.keys(named(list, name)?.["notificationIDList"] ?? {});
      expect(notified, name).toHaveLength(tells ? 1 : 0);
    }
    expect(told.map(({ name }) => name).sort()).toEqual(
      notices.map(({ tier }) => `homelab: ${tier}`).sort(),
    );
  });

  it("gets its monitor back that was removed by hand, and one that was changed; a person's own stays", async () => {
    const before = await inUptimeKuma(async (connection) => {
      await connection.addMonitor(OWN);
      const list = await connection.monitors();
      const [removed, changed] = [named(list, "Vaultwarden"), named(list, "Headscale")];
      if (!removed || !changed) throw new Error("both are declared");
      await connection.removeMonitor(removed);
      await connection.editMonitor(changed, { url: "https://elsewhere.example" });
      return list;
    });
    expect(await plannedChanges(lab, "vps")).toEqual(["uptime-monitors-files"]);

    expect(await mend()).toContain("monitors of Uptime Kuma: 1 added, 1 changed");
    const after = await inUptimeKuma((connection) => connection.monitors());
    expect(named(after, "Vaultwarden")?.["url"]).toBe(named(before, "Vaultwarden")?.["url"]);
    expect(named(after, "Headscale")?.["url"]).toBe(named(before, "Headscale")?.["url"]);
    expect(named(after, OWN.name)).toEqual(named(before, OWN.name));
    expect(after).toHaveLength(before.length);
    expect(await plannedChanges(lab, "vps")).toEqual([]);
  });

  it("keeps its monitors over a new container", async () => {
    await on(lab, "vps", "docker rm --force uptime-kuma");
    await mend();
    const list = await inUptimeKuma(async (connection) => {
      const own = named(await connection.monitors(), OWN.name);
      if (own) await connection.removeMonitor(own);
      return connection.monitors();
    });
    expect(list).toHaveLength((await settings()).monitors.length);
    expect(await plannedChanges(lab, "vps")).toEqual([]);
  });

  it("has its password in no argument, no log and no state in plain text", async () => {
    const { output: state } = await pulumi(lab, ["stack", "export", "--stack", "vps"]);
    const seen = await on(
      lab,
      "vps",
      "docker inspect uptime-kuma; docker logs uptime-kuma 2>&1; journalctl --no-pager --quiet; cat /proc/[0-9]*/cmdline | tr '\\0' ' '",
    );
    for (const value of [password, await secret("ntfy-token")]) {
      expect(state.includes(value)).toBe(false);
      expect(seen.includes(value)).toBe(false);
    }
    const modes =
      "stat -c %a /opt/homelab/files/uptime-monitors/settings.json /opt/homelab/state/uptime-monitors/password";
    expect(await on(lab, "vps", modes)).toBe("400\n600");
  });
});
