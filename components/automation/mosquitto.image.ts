import { DATA_NOT_READ, read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "eclipse-mosquitto/mosquitto v2.0.22 docker/2.0-openssl/Dockerfile";
const ENTRYPOINT = "eclipse-mosquitto/mosquitto v2.0.22 docker/2.0-openssl/docker-entrypoint.sh";

/** The official image of Mosquitto. */
export const MOSQUITTO_2_0_IMAGE: ImageContract = {
  reference: "docker.io/library/eclipse-mosquitto:2.0",
  tag: read("published", "docker-library/official-images library/eclipse-mosquitto"),
  read: [
    {
      repository: "eclipse-mosquitto/mosquitto",
      ref: "v2.0.22",
      path: "docker/2.0-openssl/Dockerfile",
    },
    {
      repository: "eclipse-mosquitto/mosquitto",
      ref: "v2.0.22",
      path: "docker/2.0-openssl/docker-entrypoint.sh",
    },
  ],
  processes: read(
    [{ program: "/usr/sbin/mosquitto", user: "1883:1883", role: "first" }],
    `${ENTRYPOINT}: exec; mosquitto v2.0.22 src/mosquitto.c drop_privileges to the user mosquitto, 1883 in ${DOCKERFILE}`,
  ),
  capabilities: read(
    { start: ["SETGID", "SETUID"], work: [], stop: [] },
    `mosquitto v2.0.22 src/mosquitto.c drop_privileges; ${ENTRYPOINT}: a failed chown is passed over`,
  ),
  checkPrograms: read(
    ["sh", "mosquitto_sub", "mosquitto_pub", "wget", "nc"],
    `${DOCKERFILE}: alpine's busybox and the project's clients`,
  ),
  volumes: read(["/mosquitto/data", "/mosquitto/log"], `${DOCKERFILE}: VOLUME`),
  ports: read(
    ["1883", "9001"],
    `${DOCKERFILE}: EXPOSE 1883; 9001 is a listener of the declared file`,
  ),
  writes: read(["/mosquitto/data", "/mosquitto/log"], `${DOCKERFILE}: owned by mosquitto`),
  firstStartOnly: read([], "mosquitto.conf(5): the file is read at each start"),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read(
    "1883:1883",
    "mosquitto v2.0.22 src/mosquitto.c: privileges are dropped before the password file is read",
  ),
  data: DATA_NOT_READ,
  secrets: "config-file",
};
