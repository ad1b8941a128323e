import { read, type ImageContract } from "../../../model/image-contract.ts";

const DOCKERFILE = "restic/restic v0.16.4 docker/Dockerfile.release";

/** restic as the sidecars run it: busybox's crond in place of the image's own entry point. */
export const RESTIC_0_16_IMAGE: ImageContract = {
  reference: "docker.io/restic/restic:0.16.4",
  tag: read("published", "named by public Dockerfiles that build FROM restic/restic:0.16.4"),
  read: [
    { repository: "restic/restic", ref: "v0.16.4", path: "docker/Dockerfile.release" },
    { repository: "restic/restic", ref: "v0.16.4", path: "internal/repository/key.go" },
    { repository: "restic/restic", ref: "v0.16.4", path: "cmd/restic/global.go" },
  ],
  processes: read(
    [{ program: "crond", user: "0:0", role: "first" }],
    `${DOCKERFILE}: no USER, and Alpine's busybox with crond`,
  ),
  capabilities: read(
    // Files of any owner are copied; crond calls initgroups before each job.
    { start: [], work: ["DAC_OVERRIDE", "SETGID"], stop: [] },
    "busybox miscutils/crond.c start_one_job, libbb/change_identity.c (initgroups)",
  ),
  checkPrograms: read(
    ["sh", "pgrep", "cat", "date", "sed", "grep", "wget", "nc", "jq", "ssh", "restic"],
    `${DOCKERFILE}: alpine with openssh-client, tzdata and jq`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read([], `${DOCKERFILE}: no EXPOSE; a client`),
  writes: read(["/root/.cache/restic", "/tmp"], "restic v0.16.4 doc/manual_rest.rst, caching"),
  firstStartOnly: read([], "restic v0.16.4 cmd/restic/global.go: its settings are read each time"),
  memoryFloor: read(
    "64MiB",
    "restic v0.16.4 internal/repository/key.go: KDFMemory, the key derivation takes up to 60 MB",
  ),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  secrets: "file-variable",
};
