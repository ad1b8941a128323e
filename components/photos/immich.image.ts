import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "immich-app/immich";
const START_REF = "04f927152cbdeda8142f6ba4f91a6684ccd44ba3";
const START = `${REPOSITORY} ${START_REF} server/bin/start.sh`;
const BASE = "immich-app/base-images";
const BASE_REF = "ff4be93749a9dd61393f8ee88613b5039c0a389a";
const SERVER_BASE = `${BASE} ${BASE_REF} server/Dockerfile`;
const NOT_READ = "no copy of this Dockerfile of 2.6 could be had";

/** Immich's server. */
export const IMMICH_SERVER_2_6_IMAGE: ImageContract = {
  reference: "ghcr.io/immich-app/immich-server:v2.6.1",
  tag: read("published", "named by public package manifests that pull it"),
  read: [
    { repository: REPOSITORY, ref: START_REF, path: "server/bin/start.sh" },
    { repository: BASE, ref: BASE_REF, path: "server/Dockerfile" },
  ],
  processes: unread(NOT_READ),
  capabilities: unread(NOT_READ),
  checkPrograms: read(["sh", "bash", "curl", "node"], `${SERVER_BASE}: Debian's Node with curl`),
  volumes: unread(NOT_READ),
  ports: read(["2283"], `${REPOSITORY} 0126ec8 docker/docker-compose.yml, of 2025`),
  writes: unread(NOT_READ),
  firstStartOnly: read([], `${START}: its variables are read at each start`),
  memoryFloor: unread("its documentation asks 6 GB for all of Immich, and names no part of it"),
  secretReader: unread(NOT_READ),
  secrets: "file-variable",
};

const ML_UNREAD =
  "the repository at 2.6 could not be had; a copy of the Dockerfile names no commit";

/** Immich's machine learning on processors. */
export const IMMICH_ML_2_6_IMAGE: ImageContract = {
  reference: "ghcr.io/immich-app/immich-machine-learning:v2.6.1",
  tag: read("published", "named by public package manifests that pull it"),
  read: [],
  processes: unread(ML_UNREAD),
  capabilities: unread(ML_UNREAD),
  checkPrograms: unread(ML_UNREAD),
  volumes: unread(ML_UNREAD),
  ports: unread(ML_UNREAD),
  writes: unread(ML_UNREAD),
  firstStartOnly: unread(ML_UNREAD),
  memoryFloor: read(
    "4GiB",
    "adampetrovic/home-ops#2464: killed three times at 2 GiB with the default models, raised to 4",
  ),
  secretReader: unread(ML_UNREAD),
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
    "1GiB",
    `${DB_FILES}/postgresql.ssd.conf: shared_buffers = 512MB; immich-app/immich#18441: killed at 256 MB, 2 GB advised`,
  ),
  secretReader: read("0:0", `${DB_FILES}/set-env.sh, run before gosu`),
  secrets: "file-variable",
  stopSignal: "SIGINT",
};
