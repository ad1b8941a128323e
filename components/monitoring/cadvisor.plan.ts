import type { Site } from "../../model/site.ts";
import { MONITORING_NETWORK, MONITORING_STACK, wgetHealth } from "./monitoring-service.plan.ts";
import { CADVISOR_0_60_IMAGE } from "./cadvisor.image.ts";
import { app } from "../../model/app.ts";

const LEFT_OUT = [
  "percpu",
  "sched",
  "tcp",
  "udp",
  "disk",
  "diskIO",
  "hugetlb",
  "referenced_memory",
  "resctrl",
  "process",
];

/** cAdvisor, which measures every container of the host. */
export function cadvisor(site: Site) {
  return app({
    type: "homelab:monitoring:CAdvisor",
    exposes: {
      /** The exporter. */
      exporter: "cadvisor",
    },
    images: [CADVISOR_0_60_IMAGE],
    networks: [{ name: MONITORING_NETWORK }],
    services: [
      {
        ...MONITORING_STACK,
        name: "cadvisor",
        // Versions before 0.54 see no container where the engine keeps images in containerd's
        // store, as a fresh Docker 29 does (google/cadvisor#3643).
        image: CADVISOR_0_60_IMAGE.reference,
        command: [
          "--housekeeping_interval=30s",
          "--docker_only=true",
          `--disable_metrics=${LEFT_OUT.join(",")}`,
        ],
        env: { TZ: site.timezone },
        networks: [{ name: MONITORING_NETWORK }],
        mounts: [
          { kind: "bind", source: "/", target: "/rootfs", readOnly: true },
          { kind: "bind", source: "/var/run", target: "/var/run", readOnly: true },
          { kind: "bind", source: "/sys", target: "/sys", readOnly: true },
          { kind: "bind", source: "/var/lib/docker", target: "/var/lib/docker", readOnly: true },
        ],
        health: wgetHealth(8080, "/healthz"),
        limits: { memory: "128MiB", cpus: 0.5 },
        readOnlyRoot: true,
        watchUpdates: true,
        scrapes: [{ job: "cadvisor", port: 8080 }],
      },
    ],
    volumes: [],
  });
}
