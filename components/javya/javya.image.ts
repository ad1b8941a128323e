import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "ajhermosilla/javya";
const REF = "7513845c86c28437c7e46a9454c7c63605586609";
/** What Javya's page is built on: the tag "alpine" is the newest of nginx, "mainline" there. */
const NGINX = "nginxinc/docker-nginx-unprivileged";
const NGINX_REF = "8ead5ce";
const NGINX_FILES = ["alpine", "alpine-slim"].map((variant) => `mainline/${variant}/Dockerfile`);
const NGINX_BASE = `${NGINX} ${NGINX_REF} mainline/alpine-slim/Dockerfile`;
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
  data: unread(OWN),
  secrets: "none",
};

/** Javya's page, wherever the household keeps it. */
export const JAVYA_FRONTEND_IMAGE: ImageContract = {
  reference: "*/javya-frontend:*",
  tag: unread(OWN),
  read: [
    ...["frontend/Dockerfile.prod", "frontend/nginx.conf"].map((path) => ({
      repository: REPOSITORY,
      ref: REF,
      path,
    })),
    ...NGINX_FILES.map((path) => ({ repository: NGINX, ref: NGINX_REF, path })),
  ],
  processes: read(
    [{ program: "nginx", user: "101:101", role: "first" }],
    `${NGINX_BASE}: USER $UID, 101`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${REPOSITORY} ${REF} frontend/Dockerfile.prod: nginx-unprivileged, never root`,
  ),
  checkPrograms: read(
    ["sh", "wget", "nc", "curl"],
    `${REPOSITORY} ${REF} frontend/Dockerfile.prod: FROM nginx-unprivileged:alpine; ${NGINX} ${NGINX_REF} mainline/alpine/Dockerfile: curl`,
  ),
  volumes: read([], `${REPOSITORY} ${REF} frontend/Dockerfile.prod: no VOLUME`),
  ports: read(["8080"], `${REPOSITORY} ${REF} frontend/nginx.conf: listen 8080`),
  writes: read(["/tmp"], `${NGINX_BASE}: pid file and caches are in /tmp`),
  firstStartOnly: read([], `${REPOSITORY} ${REF} frontend/nginx.conf: a page and nothing to set`),
  memoryFloor: unread("its repository states none"),
  secretReader: read("101:101", `${NGINX_BASE}: USER`),
  secrets: "none",
  // Of the image below it; nginx ends at once on TERM.
  stopSignal: "SIGQUIT",
};
