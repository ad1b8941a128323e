import { POSTGRES_DATA } from "../data/postgres.image.ts";
import { read, unread, type ImageContract } from "../../model/image-contract.ts";

/**
 * Immich's own commit of 2026-03-12, days before 2.6.0, as the copy open-noodle/gallery has it; its
 * repository is too large to have whole.
 */
const REPOSITORY = "immich-app/immich";
const REF = "990aff441bb52642dd6c1e66d652d993c5f3845e";
const SOURCE = `${REPOSITORY} ${REF}`;
const SERVER = `${SOURCE} server/Dockerfile`;
const BASE = "immich-app/base-images";
/** The base that the server's Dockerfile names. */
const BASE_REF = "202603031112";
const SERVER_BASE = `${BASE} ${BASE_REF} server/Dockerfile`;

/** Immich's server. */
export const IMMICH_SERVER_2_6_IMAGE: ImageContract = {
  reference: "ghcr.io/immich-app/immich-server:v2.6.1",
  tag: read("published", "named by public package manifests that pull it"),
  read: [
    ...[
      "server/Dockerfile",
      "server/bin/start.sh",
      "server/src/main.ts",
      "server/src/services/storage.service.ts",
      "docs/docs/install/requirements.md",
    ].map((path) => ({ repository: REPOSITORY, ref: REF, path })),
    { repository: BASE, ref: BASE_REF, path: "server/Dockerfile" },
  ],
  processes: read(
    [
      { program: "tini", user: "0:0", role: "init" },
      { program: "node dist/main.js", user: "0:0", role: "server" },
    ],
    `${SERVER}: ENTRYPOINT tini, no USER, nor in ${SERVER_BASE}; ${SOURCE} server/bin/start.sh: exec node`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${SERVER} and ${SERVER_BASE}: no setcap, no other user, a port above 1024`,
  ),
  checkPrograms: read(["sh", "bash", "curl", "node"], `${SERVER_BASE}: Debian's Node with curl`),
  volumes: read(["/data"], `${SERVER}: VOLUME`),
  ports: read(["2283"], `${SERVER}: EXPOSE`),
  writes: read(
    ["/usr/src/app/upload"],
    `${SOURCE} server/src/services/storage.service.ts: IMMICH_MEDIA_LOCATION, as declared`,
  ),
  firstStartOnly: read([], `${SOURCE} server/bin/start.sh: its variables are read at each start`),
  memoryFloor: unread(
    "its docs/docs/install/requirements.md asks 6 GB for all of Immich, and names no part but the database",
  ),
  secretReader: read("0:0", `${SOURCE} server/bin/start.sh, run as root: read_file_and_export`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    `immich-app/immich#17913: back from 1.132.1 to 1.131.3, PostgreSQL's errors stayed; #29540: refuses migrations it does not know`,
  ),
  secrets: "file-variable",
};

const ML = `${SOURCE} machine-learning/Dockerfile`;

/** Immich's machine learning on processors. */
export const IMMICH_ML_2_6_IMAGE: ImageContract = {
  reference: "ghcr.io/immich-app/immich-machine-learning:v2.6.1",
  tag: read("published", "named by public package manifests that pull it"),
  read: ["Dockerfile", "immich_ml/__main__.py", "scripts/healthcheck.py"].map((file) => ({
    repository: REPOSITORY,
    ref: REF,
    path: `machine-learning/${file}`,
  })),
  processes: read(
    [
      { program: "tini", user: "0:0", role: "init" },
      { program: "python -m immich_ml", user: "0:0", role: "server" },
      { program: "python -m gunicorn", user: "0:0", role: "server" },
    ],
    `${ML}: ENTRYPOINT tini, no USER; ${SOURCE} machine-learning/immich_ml/__main__.py starts gunicorn`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${ML}: no setcap, no other user, a port above 1024`,
  ),
  checkPrograms: read(
    ["sh", "bash", "python", "python3"],
    `${ML}: python:3.11-slim-bookworm; its HEALTHCHECK uses python3`,
  ),
  volumes: read([], `${ML}: no VOLUME`),
  ports: read(["3003"], `${SOURCE} machine-learning/scripts/healthcheck.py: IMMICH_PORT`),
  writes: read(["/cache"], `${ML}: MACHINE_LEARNING_CACHE_FOLDER`),
  firstStartOnly: read(
    [],
    `${SOURCE} machine-learning/immich_ml/__main__.py: its settings are read at each start`,
  ),
  memoryFloor: read(
    "4GiB",
    "adampetrovic/home-ops#2464: killed three times at 2 GiB with the default models, raised to 4",
  ),
  secretReader: read("0:0", `${ML}: no USER`),
  secrets: "none",
};

const DB_REF = "2f355c3";
const OFFICIAL = "docker-library/postgres";
const OFFICIAL_REF = "6edb0a8c4def40c371514b34aef9037ec82d9110";
const OFFICIAL_FILES = `${OFFICIAL} ${OFFICIAL_REF} 17/bookworm`;
const DB_FILES = `${BASE} ${DB_REF} postgres`;

/** Immich's PostgreSQL 17 with VectorChord, on Debian. */
export const IMMICH_POSTGRES_17_IMAGE: ImageContract = {
  reference: "ghcr.io/immich-app/postgres:17-vectorchord0.5.3",
  tag: read(
    "published",
    `${BASE} ${DB_REF} .github/workflows/build-postgres.yml pushes what postgres/versions.yaml names; public uses name its digest`,
  ),
  read: [
    ...["Dockerfile", "immich-docker-entrypoint.sh", "set-env.sh", "postgresql.ssd.conf"].map(
      (file) => ({ repository: BASE, ref: DB_REF, path: `postgres/${file}` }),
    ),
    { repository: BASE, ref: DB_REF, path: ".github/workflows/build-postgres.yml" },
    // pgvector's image stands between it and PostgreSQL's own.
    { repository: "pgvector/pgvector", ref: "v0.8.1", path: "Dockerfile" },
    ...["Dockerfile", "docker-entrypoint.sh"].map((file) => ({
      repository: OFFICIAL,
      ref: OFFICIAL_REF,
      path: `17/bookworm/${file}`,
    })),
  ],
  processes: read(
    [{ program: "postgres", user: "999:999", role: "first" }],
    `${DB_FILES}/immich-docker-entrypoint.sh: exec docker-entrypoint.sh, which ends in gosu postgres; ${OFFICIAL_FILES}/Dockerfile: useradd --uid=999`,
  ),
  capabilities: read(
    { start: ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"], work: [], stop: [] },
    `${OFFICIAL_FILES}/docker-entrypoint.sh: docker_create_db_directories, gosu`,
  ),
  checkPrograms: read(
    ["sh", "bash", "pg_isready", "psql"],
    `${DB_FILES}/Dockerfile: Debian's PostgreSQL; wget is removed again`,
  ),
  volumes: read(["/var/lib/postgresql/data"], `${OFFICIAL_FILES}/Dockerfile: VOLUME`),
  ports: read(["5432"], `${OFFICIAL_FILES}/Dockerfile: EXPOSE`),
  writes: read(
    ["/etc/postgresql", "/run/postgresql", "/tmp"],
    `${DB_FILES}/immich-docker-entrypoint.sh: copies its settings there at the first start`,
  ),
  firstStartOnly: read(
    ["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"],
    `${OFFICIAL_FILES}/docker-entrypoint.sh: only where the data folder has no PG_VERSION yet`,
  ),
  memoryFloor: read(
    "2GiB",
    `${SOURCE} docs/docs/install/requirements.md: at least 2 GB where it is limited; ${DB_FILES}/postgresql.ssd.conf: shared_buffers = 512MB`,
  ),
  secretReader: read("0:0", `${DB_FILES}/set-env.sh, run before gosu`),
  data: POSTGRES_DATA,
  secrets: "file-variable",
  stopSignal: "SIGINT",
};
