import { describe, expect, it } from "vitest";
import {
  probeTarget,
  uptimeMonitors,
  uptimeSettings,
} from "../../../components/monitoring/uptime-monitors.plan.ts";
import { hostNamed } from "../../support/fleet.ts";
import { monitorFields } from "../../../programs/uptime/differences.ts";
import { settingsFor } from "../../../programs/uptime/settings.ts";
import { parseSite } from "../../../model/site.ts";
import { site } from "../../support/site.ts";

const nas = hostNamed("nas");
const vps = hostNamed("vps");
const telling = parseSite({ ...site, controlPlane: { notifications: {} } });
const monitors = uptimeMonitors(site, [vps, nas]);
const named = (name: string) => monitors.find((monitor) => monitor.name === name);

describe("the uptime monitors", () => {
  it("take 401 for the right answer of the backup server", () => {
    expect(named("Restic REST")).toMatchObject({
      url: `http://${site.hosts.nas.mesh}:8000`,
      statuses: ["401"],
      interval: 60,
    });
  });

  it("look for the word that says Glances measures", () => {
    expect(named("Glances")).toMatchObject({ kind: "keyword", keyword: "total" });
  });

  it("split a port question into name and number", () => {
    expect(named("NAS Samba")).toMatchObject({ hostname: site.hosts.nas.mesh, port: 445 });
  });

  it("ask about Coolify, though its containers are not ours", () => {
    expect(named("Coolify")).toMatchObject({ about: "nas/coolify" });
  });

  it("tell of nothing but the way in, a name and what is not ours beside a control plane that tells", () => {
    const told = uptimeMonitors(telling, [vps, nas]).filter(({ tells = true }) => tells);
    expect(told.map(({ name }) => name)).toEqual(["Own page", "Coolify", "Public DNS"]);
    expect(monitors.every(({ tells = true }) => tells)).toBe(true);
    const settings = uptimeSettings(telling, [vps, nas])({ password: "", token: "" });
    const [silent] = settingsFor(settings).monitors.filter(({ name }) => name === "Glances");
    if (silent === undefined) throw new Error("nobody asks Glances");
    const notices = { critical: 1, warning: 2, info: 3 };
    expect(monitorFields(silent, notices)["notificationIDList"]).toEqual({});
    expect(monitorFields(silent, notices)).not.toHaveProperty("tells");
  });

  it("ping both hosts at home", () => {
    expect(monitors.filter(({ kind }) => kind === "ping").map(({ about }) => about)).toEqual([
      "nas",
      "docker-vm",
    ]);
  });

  it("reach Uptime Kuma in its own words, and none of ours", () => {
    const declared = uptimeSettings(site, [vps, nas])({ password: "p", token: "t" });
    const told = settingsFor(declared);
    expect(told.monitors.find(({ name }) => name === "Public DNS")).toEqual({
      name: "Public DNS",
      type: "dns",
      hostname: site.domain,
      dns_resolve_server: site.dnsUpstreams[0],
      dns_resolve_type: "A",
      port: 53,
      interval: 900,
      maxretries: 2,
      tier: "info",
      about: "vps",
    });
    expect(told.monitors.find(({ name }) => name === "NAS Samba")).toMatchObject({ type: "port" });
    expect(new Set(told.monitors.flatMap(Object.keys))).not.toContain("statuses");
    expect(told.password).toBe("p");
  });

  it("have names of their own, by which they are found again", () => {
    expect(new Set(monitors.map(({ name }) => name)).size).toBe(monitors.length);
  });

  it("ask no address that means their own container", () => {
    for (const { url = "", hostname = "" } of monitors) {
      expect(`${url} ${hostname}`).not.toMatch(/127\.0\.0\.1|localhost/);
    }
  });

  it("ask no port that is published on the loopback only", () => {
    for (const { hostname, port } of monitors) {
      if (hostname !== site.hosts.nas.mesh || port === undefined) continue;
      const published = nas.services.flatMap(({ ports = [] }) => ports);
      expect(published).toContainEqual(expect.objectContaining({ host: port, bind: "0.0.0.0" }));
    }
  });

  it("refuse a target that names no host of ours", () => {
    expect(() => probeTarget(site, "vps", "{mesh:rpi4}:80")).toThrow("rpi4");
  });
});
