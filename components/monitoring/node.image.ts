import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "nodejs/docker-node";
const REF = "1bf05c3aad62bf4f29b167beaaa2cd77291f203f";
const PATH = "22/alpine3.23/Dockerfile";
const DOCKERFILE = `${REPOSITORY} ${REF} ${PATH}`;

/** Node.js and nothing else; what it runs is mounted. */
export const NODE_22_IMAGE: ImageContract = {
  reference: "docker.io/library/node:22.23.1-alpine3.23",
  tag: read(
    "published",
    "public Dockerfiles build FROM node:22.23.1-alpine3.23@sha256:8516dce0483394d5708d4b2ee6cacb79fb1d617ea4e2787c2120…",
  ),
  read: [{ repository: REPOSITORY, ref: REF, path: PATH }],
  processes: read(
    [{ program: "node", user: "1000:1000", role: "first" }],
    `${DOCKERFILE}: CMD node, no USER, in whose place the declaration names its user "node"; it also names the entrypoint, so the image's start script does not run`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: it starts as the user that serves, and no file has capabilities`,
  ),
  checkPrograms: read(["sh", "wget", "nc", "node"], `${DOCKERFILE}: FROM alpine; curl is removed`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: unread("its Dockerfile has no EXPOSE: what is mounted listens where its settings say"),
  writes: read(
    [],
    `${DOCKERFILE}: nothing of it runs but Node.js, which writes what its program writes`,
  ),
  firstStartOnly: read([], `${DOCKERFILE}: keeps nothing`),
  memoryFloor: unread("it is that of the program"),
  secretReader: read("1000:1000", `${DOCKERFILE}: addgroup -g 1000, adduser -u 1000, as declared`),
  secrets: "none",
};
