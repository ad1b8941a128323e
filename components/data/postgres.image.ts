import { read, type DataRule, type Fact, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "docker-library/postgres";
const REF = "6edb0a8c4def40c371514b34aef9037ec82d9110";

/** What PostgreSQL's versions make of each other's data folder, whoever builds the image. */
export const POSTGRES_DATA: Fact<DataRule> = read(
  { olderOpens: "same-major", newerOpens: false },
  "postgresql.org/docs/16/upgrading.html: minor releases never change the storage format, majors may",
);

/** The official PostgreSQL on Alpine. */
function official(major: number): ImageContract {
  const folder = `${major}/alpine3.23`;
  const dockerfile = `${REPOSITORY} ${REF} ${folder}/Dockerfile`;
  const start = `${REPOSITORY} ${REF} ${folder}/docker-entrypoint.sh`;
  return {
    reference: `docker.io/library/postgres:${major}-alpine`,
    tag: read("published", `${REPOSITORY} ${REF} generate-stackbrew-library.sh: <major>-alpine`),
    read: [
      { repository: REPOSITORY, ref: REF, path: `${folder}/Dockerfile` },
      { repository: REPOSITORY, ref: REF, path: `${folder}/docker-entrypoint.sh` },
    ],
    processes: read(
      [{ program: "postgres", user: "70:70", role: "first" }],
      `${start}: exec gosu postgres; ${dockerfile}: adduser -u 70`,
    ),
    capabilities: read(
      {
        // Looks through a data folder that is closed to others, and hands over what is not its.
        start: ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"],
        work: [],
        // PID 1 is the server itself; the engine needs no capability of the container's.
        stop: [],
      },
      `${start}: docker_create_db_directories, then gosu`,
    ),
    checkPrograms: read(
      ["sh", "bash", "pg_isready", "psql", "wget", "nc"],
      `${dockerfile}: Alpine's busybox, bash, and PostgreSQL's own programs`,
    ),
    volumes: read(["/var/lib/postgresql/data"], `${dockerfile}: VOLUME`),
    ports: read(["5432"], `${dockerfile}: EXPOSE`),
    writes: read(["/run/postgresql", "/tmp"], `${start}: mkdir -p /var/run/postgresql`),
    firstStartOnly: read(
      ["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"],
      `${start}: only where the data folder has no PG_VERSION yet`,
    ),
    memoryFloor: read(
      "128MiB",
      "postgresql.org/docs/17/runtime-config-resource.html: shared_buffers, 128 MB by default",
    ),
    secretReader: read("0:0", `${start}: file_env reads before gosu`),
    data: POSTGRES_DATA,
    secrets: "file-variable",
    stopSignal: "SIGINT",
  };
}

/** PostgreSQL 17. */
export const POSTGRES_17_IMAGE = official(17);

/** PostgreSQL 16. */
export const POSTGRES_16_IMAGE = official(16);
