import { DATA_NOT_READ, read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "rclone/rclone v1.73.2 Dockerfile";

/** rclone as the off-site job runs it: busybox's crond in place of the image's own entry point. */
export const RCLONE_1_73_IMAGE: ImageContract = {
  reference: "docker.io/rclone/rclone:1.73.2",
  tag: read("published", "named by public Dockerfiles that build FROM rclone/rclone:1.73.2"),
  read: [{ repository: "rclone/rclone", ref: "v1.73.2", path: "Dockerfile" }],
  processes: read(
    [{ program: "crond", user: "0:0", role: "first" }],
    `${DOCKERFILE}: adds user 1009 and does not change to it; Alpine's busybox has crond`,
  ),
  capabilities: read(
    { start: [], work: ["DAC_OVERRIDE", "SETGID"], stop: [] },
    "busybox miscutils/crond.c start_one_job, libbb/change_identity.c (initgroups)",
  ),
  checkPrograms: read(
    ["sh", "pgrep", "cat", "date", "sed", "grep", "wget", "nc", "rclone"],
    `${DOCKERFILE}: alpine's busybox; neither curl nor ssh`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read([], `${DOCKERFILE}: no EXPOSE; a client`),
  writes: read(["/config/rclone"], `${DOCKERFILE}: XDG_CONFIG_HOME=/config; a token is renewed`),
  firstStartOnly: read([], "rclone v1.73.2 docs/content/docs.md: options are read each time"),
  memoryFloor: unread("depends on how many files are compared; no page gives a least number"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  data: DATA_NOT_READ,
  secrets: "config-file",
};
