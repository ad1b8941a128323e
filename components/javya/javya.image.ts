import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "ajhermosilla/javya";
const REF = "7513845c86c28437c7e46a9454c7c63605586609";
const OWN = "the household builds it, and gives it the tag it likes";

/** Javya's API, wherever the household keeps it. */
export const JAVYA_BACKEND_IMAGE: ImageContract = {
  reference: "*/javya-backend:*",
  tag: unread(OWN),
  read: ["backend/Dockerfile", "backend/app/database.py", "backend/requirements.txt"].map(
    (path) => ({ repository: REPOSITORY, ref: REF, path }),
  ),
  processes: read(
    [{ program: "uvicorn", user: "1000:1000", role: "first" }],
    `${REPOSITORY} ${REF} backend/Dockerfile: USER app, in whose place the declaration names a user`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${REPOSITORY} ${REF} backend/Dockerfile: never root`,
  ),
  checkPrograms: read(
    ["sh", "bash", "python", "python3"],
    `${REPOSITORY} ${REF} backend/Dockerfile: python:3.12-slim, which has no curl`,
  ),
  volumes: read([], `${REPOSITORY} ${REF} backend/Dockerfile: no VOLUME`),
  ports: read(["8000"], `${REPOSITORY} ${REF} backend/Dockerfile: EXPOSE`),
  writes: unread("the program's own files were not read"),
  firstStartOnly: read([], `${REPOSITORY} ${REF} backend/app/config.py: read at each start`),
  memoryFloor: unread("its repository states none"),
  secretReader: read("1000:1000", `${REPOSITORY} ${REF} backend/app/config.py: the program itself`),
  secrets: "none",
};

/** Javya's page, wherever the household keeps it. */
export const JAVYA_FRONTEND_IMAGE: ImageContract = {
  reference: "*/javya-frontend:*",
  tag: unread(OWN),
  read: ["frontend/Dockerfile.prod", "frontend/nginx.conf"].map((path) => ({
    repository: REPOSITORY,
    ref: REF,
    path,
  })),
  processes: read(
    [{ program: "nginx", user: "101:101", role: "first" }],
    "nginxinc/docker-nginx-unprivileged stable/alpine/Dockerfile: USER $UID, 101",
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${REPOSITORY} ${REF} frontend/Dockerfile.prod: nginx-unprivileged, never root`,
  ),
  checkPrograms: read(
    ["sh", "wget", "nc"],
    `${REPOSITORY} ${REF} frontend/Dockerfile.prod: its HEALTHCHECK uses wget`,
  ),
  volumes: read([], `${REPOSITORY} ${REF} frontend/Dockerfile.prod: no VOLUME`),
  ports: read(["8080"], `${REPOSITORY} ${REF} frontend/nginx.conf: listen 8080`),
  writes: read(["/tmp"], "nginxinc/docker-nginx-unprivileged: pid file and caches are in /tmp"),
  firstStartOnly: read([], `${REPOSITORY} ${REF} frontend/nginx.conf: a page and nothing to set`),
  memoryFloor: unread("its repository states none"),
  secretReader: read(
    "101:101",
    "nginxinc/docker-nginx-unprivileged stable/alpine/Dockerfile: USER",
  ),
  secrets: "none",
};
