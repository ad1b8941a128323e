import { read, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "grafana/grafana 78515af Dockerfile, of 2025";
const RUN = "grafana/grafana 07754534 packaging/docker/run.sh";

/**
 * Grafana on Alpine. Its Dockerfile could not be had at 12.4.0; the one that was read is of the year
 * before, run.sh of a commit near it.
 */
export const GRAFANA_12_4_IMAGE: ImageContract = {
  reference: "docker.io/grafana/grafana:12.4.0",
  tag: read(
    "published",
    "public files run grafana/grafana:12.4.0@sha256:b0ae311af06228bcfd4a620504b653db80f5b91e94dc3dc2a5b7…",
  ),
  read: [
    { repository: "grafana/grafana", ref: "78515af", path: "Dockerfile" },
    { repository: "grafana/grafana", ref: "07754534", path: "packaging/docker/run.sh" },
    {
      repository: "grafana/grafana",
      ref: "0285aef3",
      path: "pkg/services/authn/clients/proxy.go",
    },
  ],
  processes: read(
    [{ program: "grafana server", user: "472:0", role: "first" }],
    `${RUN}: exec grafana server; ${DOCKERFILE}: USER 472, whose group is 0`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${RUN}: changes no user and no owner; ${DOCKERFILE}: USER, no setcap`,
  ),
  checkPrograms: read(
    ["sh", "bash", "grep", "sed", "cat", "wget", "nc", "curl"],
    `${DOCKERFILE}: alpine's busybox, with bash and curl`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["3000"], "grafana.com/docs, Configure Grafana: http_port"),
  writes: read(
    ["/var/lib/grafana", "/var/log/grafana", "/tmp"],
    `${RUN}: GF_PATHS_DATA, GF_PATHS_PLUGINS and GF_PATHS_LOGS`,
  ),
  firstStartOnly: read(
    ["GF_SECURITY_ADMIN_USER", "GF_SECURITY_ADMIN_PASSWORD"],
    "grafana.com/docs, Configure Grafana, security: admin_user and admin_password, set once on first run",
  ),
  memoryFloor: read(
    "512MiB",
    "grafana.com/docs, Install Grafana, Hardware recommendations: 512 MB at least",
  ),
  secretReader: read("472:0", `${RUN}: reads <VARIABLE>__FILE as its own user`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    `grafana.com/docs/grafana/v9.0/setup-grafana/upgrade-grafana: its start brings the database forward, and going back needs a copy`,
  ),
  secrets: "file-variable",
};
