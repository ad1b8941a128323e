import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { homeAssistant } from "../../../components/automation/home-assistant.plan.ts";
import { vmagent } from "../../../components/monitoring/vmagent.plan.ts";
import { scrapeTargets } from "../../../components/monitoring/scrape-config.plan.ts";
import type { RoutedHost } from "../../../components/edge/routes.plan.ts";
import type { AppService } from "../../../model/declaration.ts";
import type { HostName } from "../../../model/host-names.ts";
import { serviceOf } from "../../support/plan.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";

function exporter(changes: Partial<AppService>): AppService {
  return {
    name: "exporter",
    stack: "apps",
    image: "docker.io/library/exporter:1",
    networks: [{ name: "app-net" }],
    health: { test: ["CMD", "true"] },
    limits: { memory: "64MiB", cpus: 0.1 },
    category: "apps",
    scrapes: [{ job: "exporter", port: 9000 }],
    ...changes,
  };
}

function on(host: HostName, changes: Partial<AppService> = {}): RoutedHost[] {
  return [{ host, services: [exporter(changes)] }];
}

const watched: readonly RoutedHost[] = [
  { host: "docker-vm", services: homeAssistant(site, { proxy }).services },
  ...on("nas", { ports: [{ bind: "0.0.0.0", host: 9900, container: 9000, protocol: "tcp" }] }),
];

interface Job {
  readonly job_name: string;
  readonly metrics_path?: string;
  readonly authorization?: { readonly credentials_file: string };
  readonly static_configs: readonly { readonly targets: readonly string[] }[];
}

function jobs(): Map<string, Job> {
  const files = serviceOf(vmagent(site, { hosts: watched }), "vmagent").files ?? [];
  const config = files.find(({ target }) => target === "/etc/prometheus/prometheus.yml");
  if (config?.content.kind !== "text") throw new Error("no configuration");
  const { scrape_configs } = parse(config.content.text) as { scrape_configs: Job[] };
  return new Map(scrape_configs.map((job) => [job.job_name, job]));
}

describe("the scrape configuration", () => {
  it("has every endpoint that a service declares, and the hosts' exporters", () => {
    expect([...jobs().keys()].sort()).toEqual([
      "exporter",
      "homeassistant",
      "node-docker-vm",
      "node-nas",
      "vmagent",
    ]);
  });

  it("sends Home Assistant's token from a file that vmagent has", () => {
    const job = jobs().get("homeassistant");
    expect(job?.metrics_path).toBe("/api/prometheus");
    const file = job?.authorization?.credentials_file;
    const agent = serviceOf(vmagent(site, { hosts: [] }), "vmagent");
    expect(agent.files).toContainEqual({
      target: file,
      content: { kind: "secret", secret: "homeassistant-token" },
    });
  });

  it("reaches a service by name on a shared network", () => {
    const [target] = scrapeTargets(site, on("docker-vm"), ["app-net"]);
    expect(target?.address).toBe("exporter:9000");
  });

  it("reaches others by the port that the host publishes", () => {
    const ports = [{ bind: "0.0.0.0", host: 9900, container: 9000, protocol: "tcp" }] as const;
    const address = (host: "docker-vm" | "nas") =>
      scrapeTargets(site, on(host, { ports }), [])[0]?.address;
    expect(address("docker-vm")).toBe("host.docker.internal:9900");
    expect(address("nas")).toBe(`${site.hosts.nas.mesh}:9900`);
  });

  it("refuses an endpoint that vmagent cannot reach", () => {
    const ports = [{ bind: "127.0.0.1", host: 9900, container: 9000, protocol: "tcp" }] as const;
    expect(() => scrapeTargets(site, on("docker-vm", { ports }), [])).toThrow(
      /cannot reach port 9000 of "exporter"/,
    );
  });
});
