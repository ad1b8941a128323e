import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "prometheus/alertmanager v0.31.1 Dockerfile";

/** Alertmanager. */
export const ALERTMANAGER_0_31_IMAGE: ImageContract = {
  reference: "docker.io/prom/alertmanager:v0.31.1",
  tag: read("published", "public compose and job files run prom/alertmanager:v0.31.1"),
  read: [{ repository: "prometheus/alertmanager", ref: "v0.31.1", path: "Dockerfile" }],
  processes: read(
    [{ program: "/bin/alertmanager", user: "65534:65534", role: "first" }],
    `${DOCKERFILE}: USER nobody, ENTRYPOINT is the program`,
  ),
  capabilities: read({ start: [], work: [], stop: [] }, `${DOCKERFILE}: USER nobody, no setcap`),
  checkPrograms: read(
    ["sh", "wget", "nc", "amtool"],
    `${DOCKERFILE}: FROM quay.io/prometheus/busybox; no curl`,
  ),
  volumes: read(["/alertmanager"], `${DOCKERFILE}: VOLUME`),
  ports: read(
    ["9093", "9094", "9094/udp"],
    `${DOCKERFILE}: EXPOSE 9093; --cluster.listen-address has 9094 unless it is emptied`,
  ),
  writes: read(["/alertmanager"], `${DOCKERFILE}: --storage.path`),
  firstStartOnly: read([], "prometheus.io/docs/alerting: the file is read at each start"),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("65534:65534", `${DOCKERFILE}: USER nobody`),
  secrets: "config-file",
};
