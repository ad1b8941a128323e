import { DATA_NOT_READ, read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "dgtlmoon/changedetection.io 0.50.43 Dockerfile";

/** changedetection.io. */
export const CHANGEDETECTION_0_50_IMAGE: ImageContract = {
  reference: "ghcr.io/dgtlmoon/changedetection.io:0.50.43",
  tag: read(
    "published",
    "public lists of updates name ghcr.io/dgtlmoon/changedetection.io:0.50.43",
  ),
  read: [
    { repository: "dgtlmoon/changedetection.io", ref: "0.50.43", path: "Dockerfile" },
    {
      repository: "dgtlmoon/changedetection.io",
      ref: "0.50.43",
      path: "changedetectionio/__init__.py",
    },
  ],
  processes: read(
    [{ program: "python ./changedetection.py", user: "0:0", role: "first" }],
    `${DOCKERFILE}: CMD is the program, no USER, no entry point`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: no other user, a port above 1024`,
  ),
  checkPrograms: read(
    ["sh", "bash", "python", "python3", "grep", "sed"],
    `${DOCKERFILE}: python:3.11-slim-bookworm; neither curl nor wget`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["5000"], `${DOCKERFILE}: EXPOSE; changedetectionio/__init__.py: PORT`),
  writes: read(["/datastore"], `${DOCKERFILE}: CMD -d /datastore`),
  firstStartOnly: read([], "dgtlmoon/changedetection.io README: settings are made in its page"),
  memoryFloor: read(
    "300MiB",
    "dgtlmoon/changedetection.io#3034: about 300 MB after its start; siutsin/otaru#2453: killed at 256 MiB",
  ),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  data: DATA_NOT_READ,
  secrets: "none",
};

const BROWSER = "dgtlmoon/sockpuppetbrowser 1315d22 Dockerfile";
const SERVER = "dgtlmoon/sockpuppetbrowser 1315d22 backend/server.py";
const CHROME = "Zenika/alpine-chrome 954a742";

/** The browser that it opens pages with. */
export const SOCKPUPPETBROWSER_0_0_IMAGE: ImageContract = {
  reference: "docker.io/dgtlmoon/sockpuppetbrowser:0.0.3",
  tag: read(
    "published",
    "public files run dgtlmoon/sockpuppetbrowser:0.0.3@sha256:23a7be698216407648b6c78fc55de0411bde550635edc30347373c86a5176fad",
  ),
  read: [
    // The copy that could be had ends before 0.0.3 with this commit; a later one of its Dockerfile
    // (06c5c82) has the same base, user and command.
    { repository: "dgtlmoon/sockpuppetbrowser", ref: "1315d22", path: "Dockerfile" },
    { repository: "dgtlmoon/sockpuppetbrowser", ref: "1315d22", path: "entrypoint.sh" },
    { repository: "dgtlmoon/sockpuppetbrowser", ref: "1315d22", path: "backend/server.py" },
    // The base is of Chrome 119, which has no tag there; this commit is of its month.
    ...["Dockerfile", "with-node/Dockerfile", "with-playwright/Dockerfile"].map((path) => ({
      repository: "Zenika/alpine-chrome",
      ref: "954a742",
      path,
    })),
  ],
  processes: read(
    [
      { program: "tini", user: "1000:1000", role: "init" },
      { program: "python3 ./server.py", user: "1000:1000", role: "server" },
    ],
    `${BROWSER}: USER chrome; ${CHROME} Dockerfile: the first that adduser makes; ${CHROME} with-playwright/Dockerfile: ENTRYPOINT tini`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${BROWSER}: one user for all; ${SERVER}: Chrome is started with --no-sandbox`,
  ),
  checkPrograms: read(
    ["sh", "wget", "nc", "python", "python3"],
    `${BROWSER}: alpine's busybox and python3; no curl`,
  ),
  volumes: read([], `${BROWSER}: no VOLUME`),
  ports: read(["3000", "8080"], `${SERVER}: --port and --sport`),
  writes: read(
    ["/tmp", "/home/chrome"],
    `${SERVER}: Chrome's data folder below /tmp; ${CHROME} Dockerfile: adduser makes the home`,
  ),
  firstStartOnly: read([], `${BROWSER}: variables of each start`),
  memoryFloor: unread("no page of the project gives a number for one Chrome"),
  secretReader: read("1000:1000", `${BROWSER}: USER chrome`),
  secrets: "none",
};
