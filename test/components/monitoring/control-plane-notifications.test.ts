import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  ALERT_RULES,
  besideControlPlane,
} from "../../../components/monitoring/alert-rules.plan.ts";
import { vmalert } from "../../../components/monitoring/vmalert.plan.ts";
import { readNotifySettings } from "../../../control-plane/supervisor/notify/settings.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import type { AppPlan, HostDeclaration } from "../../../model/declaration.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { parseSite, type Site } from "../../../model/site.ts";
import { findProblems } from "../../../model/validate.ts";
import { hostsWithEverything, IMAGE_CONTRACTS } from "../../support/fleet.ts";
import { site } from "../../support/site.ts";

const telling: Site = parseSite({
  ...site,
  controlPlane: { notifications: { webhook: "https://hook.example/home" } },
});
const fleet = declareFleet(telling);
const hosts: readonly HostDeclaration[] = HOSTS.map((host) => fleet[host].declaration);

function supervisorAmong(all: readonly HostDeclaration[]) {
  const found = all
    .flatMap(({ services }) => services)
    .find(({ name }) => name === "control-plane-supervisor");
  if (!found) throw new Error("there is no Supervisor");
  return found;
}

/** The file of alert rules. */
function rulesIn({ services }: Pick<AppPlan, "services">): string {
  const content = services[0]?.files?.[0]?.content;
  if (content?.kind !== "text") throw new Error("vmalert has no rules");
  return content.text;
}

describe("a control plane that tells somebody", () => {
  it("can be declared without a mistake", () => {
    expect(findProblems(hosts, IMAGE_CONTRACTS)).toEqual([]);
  });

  it("gives the Supervisor settings that it takes, with ntfy, the webhook, and Monday at 8", () => {
    const file = supervisorAmong(hosts).files?.find(({ target }) => target.endsWith("notify.json"));
    if (file?.content.kind !== "text") throw new Error("there are no settings");
    expect(file.content.text).not.toContain("{{");
    const path = join(mkdtempSync(join(tmpdir(), "notify-")), "notify.json");
    writeFileSync(path, file.content.text);
    const settings = readNotifySettings(path);
    expect(settings.targets.map(({ kind, url }) => `${kind} ${url}`)).toEqual([
      "ntfy http://ntfy:80/",
      "webhook https://hook.example/home",
    ]);
    expect(settings.digest).toEqual({ weekday: 1, hour: 8 });
  });

  it("tells as soon as the site says, and has the home alone tell that the VPS is away", () => {
    const whenAway = { webhook: "https://hook.example/away" };
    const quick = { tellAfterSeconds: 20, endAfterSeconds: 40, whenAway };
    const away = declareFleet(parseSite({ ...site, controlPlane: { notifications: quick } }));
    const declared = HOSTS.map((host) => away[host].declaration);
    expect(JSON.stringify(supervisorAmong(declared).files)).toMatch(
      /\\"tellAfterSeconds\\": 20,.*\\"endAfterSeconds\\": 40/,
    );
    expect(Object.fromEntries(declared.map((one) => [one.host, one.reporting?.whenAway]))).toEqual({
      vps: undefined,
      nas: undefined,
      "docker-vm": { watched: "vps", afterSeconds: 300, ...whenAway },
    });
    expect(hosts.map(({ reporting }) => reporting?.whenAway)).toEqual(HOSTS.map(() => undefined));
  });

  it("gives the token to the Supervisor alone, as a file that only its user reads", () => {
    const services = hosts.flatMap((host) => host.services);
    const parts = services.filter(({ stack }) => stack === "control-plane");
    const holders = parts.filter(({ files = [] }) => JSON.stringify(files).includes("ntfy-token"));
    expect(holders.map(({ name }) => name)).toEqual(["control-plane-supervisor"]);
    const { files, env, ports, command } = supervisorAmong(hosts);
    expect(files).toContainEqual({
      target: "/run/secrets/ntfy-token",
      content: { kind: "secret", secret: "ntfy-token" },
      owner: "1000:1000",
    });
    expect(JSON.stringify([env, command])).not.toContain("token");
    expect(ports).toBeUndefined();
  });

  it("is in ntfy's network, and has a folder of its own to keep what waits", () => {
    const { networks, mounts } = supervisorAmong(hosts);
    expect(networks?.map(({ name }) => name)).toEqual(["control-plane-net", "monitoring-net"]);
    expect(mounts).toContainEqual(
      expect.objectContaining({ source: "/opt/homelab/outbox", target: "/opt/homelab/outbox" }),
    );
    const folders = hosts.flatMap((host) => host.folders ?? []);
    expect(folders).toContainEqual({
      path: "/opt/homelab/outbox",
      owner: "1000:1000",
      mode: "0750",
    });
  });

  it("tells nobody unless the site asks for it, and has nothing for it then", () => {
    const text = JSON.stringify([
      supervisorAmong(hostsWithEverything),
      hostsWithEverything[0]?.folders,
    ]);
    expect(text).not.toMatch(/notify|ntfy|outbox|monitoring-net/i);
  });
});

describe("vmalert beside a control plane that tells somebody", () => {
  const services = [{ name: "immich" }];

  it("leaves hosts and containers to it, and tells all that only numbers show", () => {
    const kept = Object.values(besideControlPlane(ALERT_RULES)).flat();
    expect(kept.map(({ alert }) => alert)).toEqual([
      "HighCpuUsage",
      "HighMemoryUsage",
      "DiskSpaceLow",
      "DiskSpaceCritical",
      "ContainerHighCpu",
      "ContainerHighMemory",
      "HostMetricsMissing",
      "VmHighIngestionRate",
      "VmStorageSpaceRunningOut",
    ]);
    expect(rulesIn(vmalert(telling, { services }))).not.toMatch(/HostDown|ContainerMissing/);
  });

  it("tells them itself where the control plane tells nobody", () => {
    const silent = parseSite({ ...site, controlPlane: {} });
    for (const each of [site, silent]) {
      expect(rulesIn(vmalert(each, { services }))).toMatch(/HostDown[^]*ContainerMissing/);
    }
  });
});

describe("the settings of who is told", () => {
  it.each([
    ["a webhook that is no address", { webhook: "hook" }, "webhook"],
    ["a webhook by another protocol", { webhook: "ftp://hook.example/" }, "webhook"],
    ["an hour that no day has", { digest: { hour: 24 } }, "digest.hour"],
    ["a day that no week has", { digest: { weekday: "someday" } }, "digest.weekday"],
    ["a webhook with a login in it", { webhook: "https://a:b@hook.example/" }, "webhook"],
  ])("refuse %s by its path", (_, notifications, path) => {
    expect(() => parseSite({ ...site, controlPlane: { notifications } })).toThrow(
      `homelab:site.controlPlane.notifications.${path}`,
    );
  });
});
