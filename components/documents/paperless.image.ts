import { DATA_NOT_READ, read, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "paperless-ngx/paperless-ngx";
const REF = "v2.20.10";
const DOCKERFILE = `${REPOSITORY} ${REF} Dockerfile`;
const SERVICES = "docker/rootfs/etc/s6-overlay/s6-rc.d";

/** Paperless-ngx: web server, worker, scheduler and consumer under s6-overlay 3.2. */
export const PAPERLESS_2_20_IMAGE: ImageContract = {
  reference: "ghcr.io/paperless-ngx/paperless-ngx:2.20.10",
  tag: read(
    "published",
    `${REPOSITORY} ${REF} .github/workflows/ci.yml, and public uses of the tag`,
  ),
  read: [
    { repository: REPOSITORY, ref: REF, path: "Dockerfile" },
    ...["init-env-file", "init-modify-user", "init-folders", "init-superuser"].map((step) => ({
      repository: REPOSITORY,
      ref: REF,
      path: `${SERVICES}/${step}/run`,
    })),
    ...["svc-webserver", "svc-worker", "svc-scheduler", "svc-consumer"].map((service) => ({
      repository: REPOSITORY,
      ref: REF,
      path: `${SERVICES}/${service}/run`,
    })),
    // Of s6-overlay 3.2.1.0, which the Dockerfile names.
    { repository: "skarnet/s6", ref: "v2.13.2.0", path: "src/supervision/s6-supervise.c" },
  ],
  processes: read(
    [
      { program: "s6-svscan", user: "0:0", role: "supervisor" },
      { program: "granian", user: "1000:1000", role: "server" },
      { program: "celery worker", user: "1000:1000", role: "server" },
      { program: "celery beat", user: "1000:1000", role: "server" },
      { program: "document_consumer", user: "1000:1000", role: "server" },
    ],
    `${REPOSITORY} ${REF} ${SERVICES}/svc-*/run: exec s6-setuidgid paperless`,
  ),
  capabilities: read(
    {
      // init-folders hands everything to paperless, and looks into what belongs to it.
      start: ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"],
      work: [],
      stop: ["KILL"],
    },
    `${REPOSITORY} ${REF} ${SERVICES}/init-folders/run; skarnet/s6 v2.13.2.0 src/supervision/s6-supervise.c, killt`,
  ),
  checkPrograms: read(
    ["sh", "bash", "curl", "python3"],
    `${DOCKERFILE}: Debian's slim Python with curl`,
  ),
  volumes: read(
    ["data", "media", "consume", "export"].map((folder) => `/usr/src/paperless/${folder}`),
    `${DOCKERFILE}: VOLUME`,
  ),
  ports: read(["8000"], `${DOCKERFILE}: EXPOSE; ${SERVICES}/svc-webserver/run`),
  writes: read(
    ["/run", "/tmp/paperless"],
    `${REPOSITORY} ${REF} ${SERVICES}/init-folders/run, and s6-overlay's own /run`,
  ),
  firstStartOnly: read(
    ["PAPERLESS_ADMIN_USER", "PAPERLESS_ADMIN_PASSWORD", "PAPERLESS_ADMIN_MAIL"],
    `${REPOSITORY} ${REF} src/documents/management/commands/manage_superuser.py: only where there is no such user`,
  ),
  memoryFloor: read(
    "1GiB",
    "paperless-ngx/paperless-ngx#13692: 400 MB at its start, more than 700 once documents came in (release 3.0.5, one worker)",
  ),
  secretReader: read("0:0", `${REPOSITORY} ${REF} ${SERVICES}/init-env-file/run`),
  data: DATA_NOT_READ,
  secrets: "file-variable",
};
