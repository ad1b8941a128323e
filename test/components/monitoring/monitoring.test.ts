import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { alertmanagerConfig } from "../../../components/monitoring/alertmanager-config.plan.ts";
import { ALERT_RULES, alertRules } from "../../../components/monitoring/alert-rules.plan.ts";
import { monitoringPlans } from "../../../components/monitoring/monitoring.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

const plans = monitoringPlans(site, { neighbours: [] });
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
  it("sends critical alerts to their own topic, more often, with a token from a file", () => {
    const config = parse(alertmanagerConfig(site, "/token")) as {
      route: { repeat_interval: string; routes: { receiver: string; repeat_interval: string }[] };
      receivers: { name: string; webhook_configs: { url: string; http_config: unknown }[] }[];
    };
    expect(config.route.repeat_interval).toBe("4h");
    expect(config.route.routes[0]).toMatchObject({ receiver: "critical", repeat_interval: "1h" });
    const critical = config.receivers.find(({ name }) => name === "critical")?.webhook_configs[0];
    expect(critical?.url).toMatch(/^https:\/\/notify\.home\.example\/cronova-critical\?/);
    expect(critical?.http_config).toEqual({
      authorization: { type: "Bearer", credentials_file: "/token" },
    });
  });
});

describe("the monitoring apps", () => {
  it("buffer in the volume that is kept for it", () => {
    const vmagent = serviceOf(plans.vmagent, "vmagent");
    expect(vmagent.command).toContain("--remoteWrite.tmpDataPath=/vmagentdata");
    expect(vmagent.mounts).toContainEqual(expect.objectContaining({ target: "/vmagentdata" }));
  });

  it("stand in an order in which each comes after what it needs", () => {
    const names = Object.values(plans).flatMap(({ services }) => services.map(({ name }) => name));
    for (const { services } of Object.values(plans)) {
      for (const service of services) {
        for (const { on } of service.requires ?? []) {
          if (on.includes("/")) continue;
          expect(names.indexOf(on), on).toBeLessThan(names.indexOf(service.name));
        }
      }
    }
  });

  it("start Grafana without a download", () => {
    expect(Object.keys(serviceOf(plans.grafana, "grafana").env ?? {})).not.toContain(
      "GF_INSTALL_PLUGINS",
    );
  });
});
