import { hostWith } from "../../model/host-names.ts";
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
import { person, type Secrets } from "../../model/secrets.ts";

/** Options of vmagent. */
export interface VmAgentArgs {
  /** All hosts: it reads the metrics of their services. */
  readonly hosts: readonly RoutedHost[];
  /**
   * Networks of its host that it joins beside its own, to read what the host's firewall may drop
   * on the way to a published port. @default none
   */
  readonly networks?: readonly string[];
}

const CONFIG = "/etc/prometheus/prometheus.yml";
const BUFFER = "/vmagentdata";
const HOME_ASSISTANT_TOKEN = "/run/secrets/homeassistant-token";
const SELF = { job: "vmagent", port: 8429 } as const;

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "homeassistant-token": person(
    "lets vmagent read Home Assistant's metrics",
    "a long-lived access token from Home Assistant's profile page",
  ),
};

/**
 * vmagent, which reads the metrics of all services and hosts and sends them to VictoriaMetrics;
 * what it cannot send waits in a volume.
 */
export function vmagent(site: Site, args: VmAgentArgs) {
  const self: ScrapeTarget = {
    job: SELF.job,
    address: `vmagent:${SELF.port}`,
    path: "/metrics",
    host: hostWith("home"),
  };
  const networks = [MONITORING_NETWORK, ...(args.networks ?? [])];
  const others = scrapeTargets(site, args.hosts, networks);
  // The token is named by its file, and so stands in no configuration.
  const config = scrapeConfig(
    [...nodeTargets(site), ...others.filter(({ job }) => job !== SELF.job), self],
    { homeassistant: HOME_ASSISTANT_TOKEN },
  );
  return app({
    type: "homelab:monitoring:VmAgent",
    exposes: {
      /** The agent. */
      agent: "vmagent",
    },
    images: [VMAGENT_1_137_IMAGE],
    networks: [{ name: MONITORING_NETWORK }],
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
        networks: networks.map((name) => ({ name })),
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
    secrets: SECRETS,
    volumes: [{ name: "vmagent-data", notCopied: "metrics on their way, for minutes" }],
  });
}
