import type { Site } from "../../model/site.ts";
import { GLANCES_4_5_IMAGE } from "./glances.image.ts";
import { app } from "../../model/app.ts";

const PORT = 61208;

/** Options of Glances. */
export interface GlancesArgs {
  /** Name of its monitor, which no other may have. @default "Glances" */
  readonly monitor?: string;
}

/** Glances: load, disks and temperatures of its host as an API for Home Assistant. */
export function glances(site: Site, { monitor = "Glances" }: GlancesArgs = {}) {
  return app({
    type: "homelab:monitoring:Glances",
    exposes: {
      /** The API; healthy once it knows the processor. */
      api: "glances",
    },
    images: [GLANCES_4_5_IMAGE],
    networks: [{ name: "monitoring-net" }],
    services: [
      {
        name: "glances",
        stack: "monitoring",
        image: GLANCES_4_5_IMAGE.reference,
        env: { TZ: site.timezone, GLANCES_OPT: "-w --disable-webui" },
        networks: [{ name: "monitoring-net" }],
        ports: [{ bind: "0.0.0.0", host: PORT, container: PORT, protocol: "tcp" }],
        mounts: [
          {
            kind: "bind",
            source: "/var/run/docker.sock",
            target: "/var/run/docker.sock",
            readOnly: true,
          },
        ],
        health: {
          test: ["CMD-SHELL", `curl -sf http://127.0.0.1:${PORT}/api/4/cpu || exit 1`],
        },
        limits: { memory: "256MiB", cpus: 0.5 },
        capabilities: ["SYS_PTRACE"],
        hostPid: true,
        category: "monitoring",
        probes: [
          {
            name: monitor,
            kind: "keyword",
            target: `http://{mesh}:${PORT}/api/4/cpu`,
            interval: "60s",
            tier: "info",
            keyword: "total",
          },
        ],
      },
    ],
    volumes: [],
  });
}
