import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { alertmanagerConfig, ntfyName } from "./alertmanager-config.plan.ts";
import { MONITORING_NETWORK, MONITORING_STACK, wgetHealth } from "./monitoring-service.plan.ts";
import { ALERTMANAGER_0_31_IMAGE } from "./alertmanager.image.ts";
import { app } from "../../model/app.ts";

const CONFIG = "/etc/alertmanager/alertmanager.yml";
const TOKEN = "/etc/alertmanager/ntfy-token";

/** Alertmanager, which groups alerts and sends them to ntfy. */
export function alertmanager(site: Site) {
  return app({
    type: "homelab:monitoring:Alertmanager",
    exposes: {
      /** The router of alerts. */
      manager: "alertmanager",
    },
    images: [ALERTMANAGER_0_31_IMAGE],
    networks: [{ name: MONITORING_NETWORK }],
    services: [
      {
        ...MONITORING_STACK,
        name: "alertmanager",
        image: ALERTMANAGER_0_31_IMAGE.reference,
        command: [
          `--config.file=${CONFIG}`,
          "--storage.path=/alertmanager",
          "--web.external-url=http://alertmanager:9093",
        ],
        env: { TZ: site.timezone },
        networks: [{ name: MONITORING_NETWORK }],
        mounts: [
          { kind: "volume", volume: "alertmanager-data", target: "/alertmanager" },
          { kind: "tmpfs", target: "/tmp", size: "64MiB" },
        ],
        files: [
          { target: CONFIG, content: { kind: "text", text: alertmanagerConfig(site, TOKEN) } },
          { target: TOKEN, content: { kind: "secret", secret: "ntfy-token" } },
        ],
        // Without a name server: that of its host may be what there is to tell.
        extraHosts: { [ntfyName(site)]: site.hosts[hostWith("coordinator")].mesh },
        health: wgetHealth(9093, "/-/healthy"),
        limits: { memory: "64MiB", cpus: 0.25 },
        readOnlyRoot: true,
        requires: [
          {
            on: `${hostWith("coordinator")}/ntfy`,
            condition: "healthy",
            strength: "soft",
            declared: true,
            why: "takes its messages",
          },
        ],
        watchUpdates: true,
        scrapes: [{ job: "alertmanager", port: 9093 }],
      },
    ],
    volumes: [{ name: "alertmanager-data", notCopied: "silences, set for hours" }],
  });
}
