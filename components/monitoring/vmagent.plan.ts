import type { AppPlan } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import {
  MONITORING_NETWORK,
  MONITORING_STACK,
  VICTORIAMETRICS_URL,
  wgetHealth,
} from "./monitoring-service.plan.ts";
import {
  nodeTargets,
  scrapeConfig,
  scrapeTargets,
  type ScrapeTarget,
} from "./scrape-config.plan.ts";
import type { RoutedHost } from "../edge/routes.plan.ts";
import { VMAGENT_1_137_IMAGE } from "./victoriametrics.image.ts";
import { app } from "../../model/app.ts";

/** Options of vmagent. */
export interface VmAgentArgs {
  /** All hosts: it reads the metrics of their services. */
  readonly hosts: readonly RoutedHost[];
}

/**
 * Networks of the Docker VM that vmagent joins. Home Assistant is read on its own network, because
 * the host's firewall may drop what containers send to the host's ports.
 */
export const VMAGENT_NETWORKS = [MONITORING_NETWORK, "automation-net"] as const;

const CONFIG = "/etc/prometheus/prometheus.yml";
const BUFFER = "/vmagentdata";
const HOME_ASSISTANT_TOKEN = "/run/secrets/homeassistant-token";
const SELF = { job: "vmagent", port: 8429 } as const;

/**
 * vmagent, which reads the metrics of all services and hosts and sends them to VictoriaMetrics;
 * what it cannot send waits in a volume.
 */
export const vmagent = app(
  {
    type: "homelab:monitoring:VmAgent",
    services: {
      /** The agent. */
      agent: "vmagent",
    },
    images: [VMAGENT_1_137_IMAGE],
  },
  vmagentPlan,
);

function vmagentPlan(site: Site, args: VmAgentArgs): AppPlan {
  const self: ScrapeTarget = {
    job: SELF.job,
    address: `vmagent:${SELF.port}`,
    path: "/metrics",
    host: "docker-vm",
  };
  const others = scrapeTargets(site, args.hosts, VMAGENT_NETWORKS);
  // The token is named by its file, and so stands in no configuration.
  const config = scrapeConfig(
    [...nodeTargets(site), ...others.filter(({ job }) => job !== SELF.job), self],
    { homeassistant: HOME_ASSISTANT_TOKEN },
  );
  return {
    services: [
      {
        ...MONITORING_STACK,
        name: "vmagent",
        image: VMAGENT_1_137_IMAGE.reference,
        command: [
          `--promscrape.config=${CONFIG}`,
          `--remoteWrite.url=${VICTORIAMETRICS_URL}/api/v1/write`,
          // Without it the buffer would lie beside the volume, in the container.
          `--remoteWrite.tmpDataPath=${BUFFER}`,
        ],
        env: { TZ: site.timezone },
        networks: VMAGENT_NETWORKS.map((name) => ({ name })),
        mounts: [{ kind: "volume", volume: "vmagent-data", target: BUFFER }],
        files: [
          { target: CONFIG, content: { kind: "text", text: config } },
          {
            target: HOME_ASSISTANT_TOKEN,
            content: { kind: "secret", secret: "homeassistant-token" },
          },
        ],
        health: wgetHealth(SELF.port, "/health"),
        limits: { memory: "256MiB", cpus: 0.5 },
        extraHosts: { "host.docker.internal": "host-gateway" },
        requires: [{ on: "victoriametrics", condition: "healthy", strength: "hard" }],
        watchUpdates: true,
        scrapes: [SELF],
      },
    ],
    volumes: [{ name: "vmagent-data", notCopied: "metrics on their way, for minutes" }],
  };
}
