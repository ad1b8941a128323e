import { DEBIAN } from "../../../sandbox/images/check-programs.ts";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { folder, link, type PathEntry } from "../../../sandbox/images/path-entry.ts";
import { http, ok, PAGE, STAND_IN, type StandIn } from "../../../sandbox/images/stand-in.ts";
import type { ImageEntry } from "../../../sandbox/images/types.ts";

/** What is asked for the health of those that have a command for it. */
const HEALTH = "/health";

/** A program that nobody has, under the path that its Compose file calls it by. */
function madeUp(
  reference: string,
  program: string,
  port: number,
  check: string,
  more: Partial<ImageEntry> & {
    readonly does?: Partial<StandIn>;
    /** A new volume takes owner and mode from them. */
    readonly folders?: readonly PathEntry[];
  } = {},
): ImageEntry {
  const { does, folders, ...entry } = more;
  return {
    reference,
    kind: "stand-in",
    program,
    limits: "does no work",
    secrets: "none",
    source: "made up for the tests, as the file in test/compose/files is",
    user: "",
    has: [...DEBIAN, "curl"],
    volumes: [],
    ports: [String(port)],
    command: [program],
    paths: [link(program, STAND_IN), ...(folders ?? [])],
    standIn: {
      startupMs: 200,
      listen: [http(port, ok(HEALTH, "{}"), PAGE)],
      commands: [{ args: [check], get: `http://127.0.0.1:${port}${HEALTH}` }],
      ...does,
    },
    ...entry,
  };
}

/** An image that the sandbox has, in the version that a Compose file names. */
function otherVersion(of: string, reference: string): ImageEntry {
  const found = IMAGES.find((image) => image.reference.startsWith(`${of}:`));
  if (found === undefined) throw new Error(`the sandbox has no image ${of}`);
  return { ...found, reference };
}

/** What the Compose files of test/compose/files that leave nothing to decide ask for, and nobody else. */
export const IMPORTED_IMAGES: readonly ImageEntry[] = [
  otherVersion("docker.io/valkey/valkey", "docker.io/valkey/valkey:8.1-alpine"),
  otherVersion("ghcr.io/paperless-ngx/paperless-ngx", "ghcr.io/paperless-ngx/paperless-ngx:2.19.0"),
  madeUp("ghcr.io/example/jobs:0.9.2", "/usr/local/bin/jobs", 7000, "ping", {
    does: { serve: ["run"], needs: [{ kind: "redis", address: "${REDIS_URL}" }] },
  }),
  madeUp("ghcr.io/example/bookmarks:1.36.0", "/usr/local/bin/bookmarks", 9090, "check", {
    folders: [folder("/app/data", 1000, 1000)],
    does: { writes: ["/app/data"] },
  }),
  madeUp("docker.io/gotenberg/gotenberg:8.25", "/usr/bin/gotenberg", 3000, "check"),
  madeUp("docker.io/example/notes:2.4.1", "/app/server", 8080, "check", {
    does: {
      secrets: [{ name: "SESSION_SECRET", required: true }, { name: "DATABASE_PASSWORD" }],
      needs: [
        {
          kind: "postgres",
          address: "${DATABASE_HOST}:5432",
          user: "notes",
          password: "${DATABASE_PASSWORD}",
          database: "${DATABASE_NAME}",
        },
      ],
    },
  }),
  madeUp("docker.io/miniflux/miniflux:2.2.8", "/usr/bin/miniflux", 8080, "-healthcheck", {
    user: "65534:65534",
    does: {
      secrets: [{ name: "DATABASE_URL", fileEnv: "DATABASE_URL_FILE", required: true }],
      needs: [{ kind: "postgres", address: "${DATABASE_URL}" }],
      commands: [{ args: ["-healthcheck", "auto"], get: `http://127.0.0.1:8080${HEALTH}` }],
    },
  }),
  madeUp("registry.sandbox/team/web:7.1.0", "/usr/local/bin/web", 8080, "health", {
    entrypoint: ["/usr/local/bin/web"],
    command: ["serve"],
    folders: [folder("/var/lib/web", 2000, 2000)],
    does: {
      serve: ["serve"],
      writes: ["/var/lib/web"],
      files: ["/etc/web.toml", "/etc/banner.txt", "/run/secrets/cookie"],
    },
  }),
  madeUp("registry.sandbox/team/store:7.1.0", "/usr/local/bin/store", 7001, "health", {
    folders: [folder("/var/lib/store", 2000, 2000)],
  }),
];
