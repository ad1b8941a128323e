import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { homeAssistantPlan } from "../../../components/automation/home-assistant.plan.ts";
import { monitoringPlans } from "../../../components/monitoring/monitoring.plan.ts";
import { scrapeTargets } from "../../../components/monitoring/scrape-config.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

function exporter(changes: Partial<ServiceDeclaration>): ServiceDeclaration {
  return {
    name: "exporter",
    stack: "apps",
    phase: 5,
    image: "docker.io/library/exporter:1",
    networks: [{ name: "app-net" }],
    health: { test: ["CMD", "true"] },
    limits: { memory: "64MiB", cpus: 0.1 },
    category: "apps",
    scrapes: [{ job: "exporter", port: 9000 }],
    ...changes,
  };
}

interface Job {
  readonly job_name: string;
  readonly metrics_path?: string;
  readonly authorization?: { readonly credentials_file: string };
  readonly static_configs: readonly { readonly targets: readonly string[] }[];
}

function jobs(): Map<string, Job> {
  const plans = monitoringPlans(site, { neighbours: homeAssistantPlan(site).services });
  const files = serviceOf(plans.vmagent, "vmagent").files ?? [];
  const config = files.find(({ target }) => target === "/etc/prometheus/prometheus.yml");
  if (config?.content.kind !== "text") throw new Error("no configuration");
  const { scrape_configs } = parse(config.content.text) as { scrape_configs: Job[] };
  return new Map(scrape_configs.map((job) => [job.job_name, job]));
}

describe("the scrape configuration", () => {
  it("has every endpoint that a service declares, and the hosts' exporters", () => {
    expect([...jobs().keys()].sort()).toEqual([
      "alertmanager",
      "cadvisor",
      "grafana",
      "homeassistant",
      "node-docker-vm",
      "node-nas",
      "victoriametrics",
      "vmagent",
      "vmalert",
    ]);
  });

  it("sends Home Assistant's token from a file that vmagent has", () => {
    const job = jobs().get("homeassistant");
    expect(job?.metrics_path).toBe("/api/prometheus");
    const file = job?.authorization?.credentials_file;
    const vmagent = serviceOf(monitoringPlans(site, { neighbours: [] }).vmagent, "vmagent");
    expect(vmagent.files).toContainEqual({
      target: file,
      content: { kind: "secret", secret: "homeassistant-token" },
    });
  });

  it("reaches a service by name on a shared network", () => {
    const [target] = scrapeTargets(site, "docker-vm", [exporter({})], ["app-net"]);
    expect(target?.address).toBe("exporter:9000");
  });

  it("reaches others by the port that the host publishes", () => {
    const ports = [{ bind: "0.0.0.0", host: 9900, container: 9000, protocol: "tcp" }] as const;
    const address = (host: "docker-vm" | "nas") =>
      scrapeTargets(site, host, [exporter({ ports })], [])[0]?.address;
    expect(address("docker-vm")).toBe("host.docker.internal:9900");
    expect(address("nas")).toBe(`${site.hosts.nas.mesh}:9900`);
  });

  it("refuses an endpoint that vmagent cannot reach", () => {
    const ports = [{ bind: "127.0.0.1", host: 9900, container: 9000, protocol: "tcp" }] as const;
    expect(() => scrapeTargets(site, "docker-vm", [exporter({ ports })], [])).toThrow(
      /cannot reach port 9000 of "exporter"/,
    );
  });
});
