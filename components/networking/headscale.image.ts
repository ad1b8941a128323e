import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const BUILD = "juanfont/headscale v0.28.0 .goreleaser.yml";
const PAGE = "juanfont/headscale v0.28.0 docs/setup/install/container.md";

/** Headscale: one static program in an image without a shell. */
export const HEADSCALE_0_28_IMAGE: ImageContract = {
  reference: "docker.io/headscale/headscale:0.28.0",
  tag: read("published", `${BUILD}: tags {{Major}}.{{Minor}}.{{Patch}} of headscale/headscale`),
  read: [
    { repository: "juanfont/headscale", ref: "v0.28.0", path: ".goreleaser.yml" },
    { repository: "juanfont/headscale", ref: "v0.28.0", path: "docs/setup/install/container.md" },
    { repository: "juanfont/headscale", ref: "v0.28.0", path: "config-example.yaml" },
  ],
  processes: read(
    [{ program: "/ko-app/headscale", user: "0:0", role: "first" }],
    `${BUILD}: built by ko on gcr.io/distroless/base-debian13, whose user is root`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${PAGE}: runs read-only, as root, with ports above 1024`,
  ),
  checkPrograms: read(["headscale"], `${PAGE}: "headscale health"; without a shell unless -debug`),
  volumes: read([], `${BUILD}: ko declares none`),
  ports: read(["8080", "9090", "50443"], "juanfont/headscale v0.28.0 config-example.yaml"),
  writes: read(["/var/lib/headscale", "/var/run/headscale"], PAGE),
  firstStartOnly: read(
    ["noise.private_key_path", "database"],
    "juanfont/headscale v0.28.0 config-example.yaml: made when missing, and kept",
  ),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${BUILD}: distroless without nonroot`),
  data: read(
    { olderOpens: "same-minor", newerOpens: true },
    "juanfont/headscale 55b9e3c hscontrol/db/versioncheck.go: patches in either direction, refuses an older minor",
  ),
  secrets: "config-file",
};
