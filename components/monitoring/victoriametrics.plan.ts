import type { Site } from "../../model/site.ts";
import { MONITORING_NETWORK, MONITORING_STACK, wgetHealth } from "./monitoring-service.plan.ts";
import { VICTORIAMETRICS_1_137_IMAGE } from "./victoriametrics.image.ts";
import { app } from "../../model/app.ts";

/** VictoriaMetrics, which keeps 90 days of metrics. */
export function victoriametrics(site: Site) {
  return app({
    type: "homelab:monitoring:VictoriaMetrics",
    exposes: {
      /** The store; answers queries on port 8428. */
      store: "victoriametrics",
    },
    images: [VICTORIAMETRICS_1_137_IMAGE],
    networks: [{ name: MONITORING_NETWORK }],
    services: [
      {
        ...MONITORING_STACK,
        name: "victoriametrics",
        image: VICTORIAMETRICS_1_137_IMAGE.reference,
        command: ["--storageDataPath=/storage", "--retentionPeriod=90d", "--httpListenAddr=:8428"],
        env: { TZ: site.timezone },
        networks: [{ name: MONITORING_NETWORK }],
        ports: [{ bind: "127.0.0.1", host: 8428, container: 8428, protocol: "tcp" }],
        mounts: [{ kind: "volume", volume: "vm-data", target: "/storage" }],
        health: wgetHealth(8428, "/health"),
        limits: { memory: "1GiB", cpus: 1 },
        watchUpdates: true,
        scrapes: [{ job: "victoriametrics", port: 8428 }],
      },
    ],
    volumes: [
      { name: "vm-data", notCopied: "metrics of the last 90 days, which go on by themselves" },
    ],
  });
}
