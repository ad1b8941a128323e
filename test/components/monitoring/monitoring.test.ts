import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { alertmanagerConfig } from "../../../components/monitoring/alertmanager-config.plan.ts";
import { alertmanager } from "../../../components/monitoring/alertmanager.plan.ts";
import { ALERT_RULES, alertRules } from "../../../components/monitoring/alert-rules.plan.ts";
import { parseSite } from "../../../model/site.ts";
import { grafana } from "../../../components/monitoring/grafana.plan.ts";
import { uptimeKuma } from "../../../components/monitoring/uptime-kuma.plan.ts";
import { cadvisor } from "../../../components/monitoring/cadvisor.plan.ts";
import { vmagent } from "../../../components/monitoring/vmagent.plan.ts";
import { placeAtHome } from "../../../components/edge/proxy.plan.ts";
import { VOUCHED_NETWORK } from "../../../components/edge/vouched-network.plan.ts";
import { hosts } from "../../support/fleet.ts";
import { serviceOf } from "../../support/plan.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";

/** As ntfy's template for Alertmanager writes one, with a long summary; and its longest message. */
const BYTES_OF_AN_ALERT = 400;
const NTFY_LIMIT = 4096;
const rules = Object.values(ALERT_RULES).flat();

describe("the alert rules", () => {
  it("are eleven in four groups, and the file holds them all", () => {
    expect(Object.keys(ALERT_RULES)).toEqual(["host", "containers", "scrape", "victoriametrics"]);
    expect(rules).toHaveLength(11);
    const file = parse(alertRules(ALERT_RULES)) as { groups: { rules: { alert: string }[] }[] };
    expect(file.groups.flatMap((group) => group.rules.map(({ alert }) => alert))).toEqual(
      rules.map(({ alert }) => alert),
    );
  });

  it("count restarts by name, and not by how far a start time moved", () => {
    const expr = rules.find(({ alert }) => alert === "ContainerRestarting")?.expr;
    expect(expr).toMatch(/^changes\(max by \(name\)/);
  });

  it("are critical for a full disk, a lost host and no room for metrics", () => {
    const critical = rules.filter(({ severity }) => severity === "critical");
    expect(critical.map(({ alert }) => alert)).toEqual([
      "DiskSpaceCritical",
      "HostDown",
      "VmStorageSpaceRunningOut",
    ]);
  });
});

describe("Alertmanager", () => {
  it("sends critical alerts to their own topic, more often, with a token from a file, and none too long for ntfy", () => {
    const config = parse(alertmanagerConfig(site, "/token")) as {
      route: { repeat_interval: string; routes: { receiver: string; repeat_interval: string }[] };
      receivers: {
        name: string;
        webhook_configs: { url: string; max_alerts?: number; http_config: unknown }[];
      }[];
    };
    expect(config.route.repeat_interval).toBe("4h");
    expect(config.route.routes[0]).toMatchObject({ receiver: "critical", repeat_interval: "1h" });
    const most = config.receivers.map(({ webhook_configs: [webhook] }) => webhook?.max_alerts);
    expect(most.every((count = Infinity) => count * BYTES_OF_AN_ALERT < NTFY_LIMIT)).toBe(true);
    const critical = config.receivers.find(({ name }) => name === "critical")?.webhook_configs[0];
    expect(critical?.url).toMatch(/^https:\/\/notify\.home\.example\/cronova-critical\?/);
    expect(critical?.http_config).toEqual({
      authorization: { type: "Bearer", credentials_file: "/token" },
    });
  });
});

describe("Alertmanager beside a control plane that tells somebody", () => {
  const telling = parseSite({ ...site, controlPlane: { notifications: {} } });
  const config = parse(alertmanagerConfig(telling, "/token")) as {
    route: { repeat_interval: string; routes: { repeat_interval: string }[] };
    inhibit_rules: unknown[];
  };

  it("tells an alert once for as long as it remembers, and of a full disk not that little is left", () => {
    const { route, inhibit_rules } = config;
    expect([route, ...route.routes].map((one) => one.repeat_interval)).toEqual(["120h", "120h"]);
    expect(inhibit_rules).toEqual([
      {
        source_matchers: ['alertname="DiskSpaceCritical"'],
        target_matchers: ['alertname="DiskSpaceLow"'],
        equal: ["host", "mountpoint"],
      },
    ]);
  });
});

describe("Alertmanager's way to ntfy", () => {
  it("needs no name server, and no certificate authority where the proxy is its own", () => {
    const { extraHosts } = serviceOf(alertmanager(site), "alertmanager");
    expect(extraHosts).toEqual({ [`notify.${site.domain}`]: site.hosts.vps.mesh });
    const own = { ...site.certificates, vps: { issuer: "internal" } };
    expect(alertmanagerConfig(parseSite({ ...site, certificates: own }), "/t")).toMatch(
      /insecure_skip_verify: true/,
    );
    expect(alertmanagerConfig(site, "/t")).not.toContain("insecure");
  });
});

describe("Grafana", () => {
  const server = serviceOf(grafana(site), "grafana");
  const others = hosts
    .flatMap(({ services }) => services)
    .filter(({ name }) => name !== "grafana" && name !== proxy.service);

  it("believes nobody but the proxy who a visitor is", () => {
    expect(server.env).toMatchObject({
      GF_AUTH_PROXY_ENABLED: "true",
      GF_AUTH_PROXY_WHITELIST: VOUCHED_NETWORK.proxy,
    });
    const place = placeAtHome(proxy, [], true);
    const plan = proxy.app(site, { place, sites: [], volumes: [] });
    expect(serviceOf(plan, proxy.service).networks).toContainEqual({
      name: VOUCHED_NETWORK.name,
      address: VOUCHED_NETWORK.proxy,
    });
  });

  it("is reached by the proxy over a network on which nobody else is, with an address of its own", () => {
    const shared = server.networks.filter(({ name }) =>
      placeAtHome(proxy, [], true).networks.includes(name),
    );
    expect(shared).toEqual([{ name: VOUCHED_NETWORK.name, address: VOUCHED_NETWORK.grafana }]);
    const strangers = others.filter(({ networks }) =>
      networks.some(({ name }) => name === VOUCHED_NETWORK.name),
    );
    expect(strangers.map(({ name }) => name)).toEqual([]);
  });

  it("calls its admin as Authelia calls the person who is", () => {
    expect(server.env?.["GF_SECURITY_ADMIN_USER"]).toBe(site.adminUser);
  });
});

describe("cAdvisor", () => {
  it("is of a version that sees containers whose images are in containerd's store", () => {
    const [, minor] = /:v0\.(\d+)\./.exec(serviceOf(cadvisor(site), "cadvisor").image) ?? [];
    expect(Number(minor)).toBeGreaterThanOrEqual(54);
  });
});

describe("Uptime Kuma", () => {
  it("may clear its groups and own its data, as its start script does first of all", () => {
    const [kuma] = uptimeKuma(site).services;
    expect(kuma?.capabilities).toEqual(["CHOWN", "SETGID"]);
  });
});

describe("the monitoring apps", () => {
  it("buffer in the volume that is kept for it", () => {
    const agent = serviceOf(vmagent(site, { hosts: [] }), "vmagent");
    expect(agent.command).toContain("--remoteWrite.tmpDataPath=/vmagentdata");
    expect(agent.mounts).toContainEqual(expect.objectContaining({ target: "/vmagentdata" }));
  });

  it("start Grafana without a download", () => {
    expect(Object.keys(serviceOf(grafana(site), "grafana").env ?? {})).not.toContain(
      "GF_INSTALL_PLUGINS",
    );
  });
});
