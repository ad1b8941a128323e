import { read, unread, type ImageContract } from "../../model/image-contract.ts";

/** What is alike in the official images of Redis and Valkey. */
type QueueImage = Pick<
  ImageContract,
  "capabilities" | "ports" | "firstStartOnly" | "memoryFloor" | "secrets"
>;

function alike(source: string): QueueImage {
  return {
    // A fresh volume has the owner of /data, so there is nothing to hand over.
    capabilities: read({ start: ["SETGID", "SETUID"], work: [], stop: [] }, source),
    ports: read(["6379"], source),
    firstStartOnly: read([], `${source}: its settings are arguments`),
    memoryFloor: unread("as much as is queued; neither image nor server states a least"),
    secrets: "config-file",
  };
}

const REDIS = "redis/docker-library-redis";
const REDIS_REF = "e5650da99bb377b2ed4f9f1ef993ff24729b1c16";
const REDIS_FILES = `${REDIS} ${REDIS_REF} 7.4/alpine`;

/** Redis 7, on Alpine. */
export const REDIS_7_IMAGE: ImageContract = {
  ...alike(`${REDIS_FILES}/docker-entrypoint.sh: gosu redis`),
  reference: "docker.io/library/redis:7-alpine",
  tag: read("published", `${REDIS} ${REDIS_REF} generate-stackbrew-library.sh: 7-alpine`),
  read: ["Dockerfile", "docker-entrypoint.sh"].map((file) => ({
    repository: REDIS,
    ref: REDIS_REF,
    path: `7.4/alpine/${file}`,
  })),
  processes: read(
    [{ program: "redis-server", user: "999:1000", role: "first" }],
    `${REDIS_FILES}/Dockerfile: adduser -u 999, addgroup -g 1000`,
  ),
  checkPrograms: read(["sh", "redis-cli", "wget", "nc"], `${REDIS_FILES}/Dockerfile: Alpine`),
  volumes: read(["/data"], `${REDIS_FILES}/Dockerfile: VOLUME`),
  writes: read(["/data"], `${REDIS_FILES}/Dockerfile: WORKDIR`),
  secretReader: read("999:1000", `${REDIS_FILES}/docker-entrypoint.sh: the server reads them`),
};

const VALKEY = "valkey-io/valkey-container";
const VALKEY_REF = "00a2b211887fd46775bba37c554167a19783cca4";
const VALKEY_FILES = `${VALKEY} ${VALKEY_REF} 8.1/debian`;

/** Valkey 8, on Debian; the tag without a suite follows Debian's releases. */
export const VALKEY_8_IMAGE: ImageContract = {
  ...alike(`${VALKEY} 8.0/debian/docker-entrypoint.sh: setpriv --reuid --regid --clear-groups`),
  reference: "docker.io/valkey/valkey:8",
  tag: read(
    "published",
    `${VALKEY} 0586ccf generate-stackbrew-library.sh: 8 is 8.1; public uses name its digest`,
  ),
  read: [
    { repository: VALKEY, ref: VALKEY_REF, path: "8.1/debian/Dockerfile" },
    {
      repository: VALKEY,
      ref: "ae6141ea5d62c775b8bdb9be7396b951da435673",
      path: "8.0/debian/docker-entrypoint.sh",
    },
  ],
  processes: read(
    [{ program: "valkey-server", user: "999:999", role: "first" }],
    `${VALKEY_FILES}/Dockerfile: useradd -u 999, groupadd -g 999`,
  ),
  checkPrograms: read(["sh", "bash", "valkey-cli"], `${VALKEY_FILES}/Dockerfile: trixie-slim`),
  // 8.0 declared /data a volume; 8.1 does not.
  volumes: read([], `${VALKEY_FILES}/Dockerfile: no VOLUME`),
  writes: read(["/data"], `${VALKEY_FILES}/Dockerfile: WORKDIR`),
  secretReader: read("999:999", `${VALKEY} 8.0/debian/docker-entrypoint.sh: the server reads them`),
};
