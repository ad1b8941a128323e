import type { Site } from "../../model/site.ts";
import {
  ALERT_RULES,
  alertRules,
  besideControlPlane,
  missingContainerRules,
  type WatchedService,
} from "./alert-rules.plan.ts";
import {
  MONITORING_NETWORK,
  MONITORING_STACK,
  VICTORIAMETRICS_URL,
  wgetHealth,
} from "./monitoring-service.plan.ts";
import { VMALERT_1_137_IMAGE } from "./victoriametrics.image.ts";
import { app } from "../../model/app.ts";

const RULES = "/etc/vmalert/alerts.yml";

/** What the alerts watch. */
export interface VmalertArgs {
  /** Every service of the Docker VM. */
  readonly services: readonly WatchedService[];
}

/** vmalert, which evaluates the alert rules over VictoriaMetrics and tells Alertmanager. */
export function vmalert(site: Site, args: VmalertArgs) {
  const all = { ...ALERT_RULES, services: missingContainerRules(args.services) };
  const rules = alertRules(site.controlPlane?.notifications ? besideControlPlane(all) : all);
  return app({
    type: "homelab:monitoring:VmAlert",
    exposes: {
      /** The evaluator. */
      rules: "vmalert",
    },
    images: [VMALERT_1_137_IMAGE],
    networks: [{ name: MONITORING_NETWORK }],
    services: [
      {
        ...MONITORING_STACK,
        name: "vmalert",
        image: VMALERT_1_137_IMAGE.reference,
        command: [
          `--datasource.url=${VICTORIAMETRICS_URL}`,
          "--notifier.url=http://alertmanager:9093",
          `--remoteWrite.url=${VICTORIAMETRICS_URL}`,
          `--remoteRead.url=${VICTORIAMETRICS_URL}`,
          `--rule=${RULES}`,
          "--evaluationInterval=30s",
        ],
        env: { TZ: site.timezone },
        networks: [{ name: MONITORING_NETWORK }],
        mounts: [{ kind: "tmpfs", target: "/tmp", size: "64MiB" }],
        files: [{ target: RULES, content: { kind: "text", text: rules } }],
        health: wgetHealth(8880, "/health"),
        limits: { memory: "128MiB", cpus: 0.25 },
        readOnlyRoot: true,
        requires: [
          { on: "victoriametrics", condition: "healthy", strength: "hard" },
          { on: "alertmanager", condition: "healthy", strength: "hard" },
        ],
        watchUpdates: true,
        scrapes: [{ job: "vmalert", port: 8880 }],
      },
    ],
    volumes: [],
  });
}
