import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "VictoriaMetrics/VictoriaMetrics";
const VERSION = "v1.137.0";

/** One program of the VictoriaMetrics family; all are built alike. */
function victoria(
  name: string,
  port: string,
  writes: ImageContract["writes"],
  secrets: ImageContract["secrets"],
): ImageContract {
  const dockerfile = `${REPOSITORY} ${VERSION} app/${name}/deployment/Dockerfile`;
  const base = `${REPOSITORY} ${VERSION} deployment/docker/base/Dockerfile`;
  const makefile = `${REPOSITORY} ${VERSION} deployment/docker/Makefile`;
  return {
    reference: `docker.io/victoriametrics/${name}:${VERSION}`,
    tag: read("published", `${makefile}: publishes each program under the release's tag`),
    read: [
      { repository: REPOSITORY, ref: VERSION, path: `app/${name}/deployment/Dockerfile` },
      { repository: REPOSITORY, ref: VERSION, path: "deployment/docker/base/Dockerfile" },
      { repository: REPOSITORY, ref: VERSION, path: "deployment/docker/Makefile" },
    ],
    processes: read(
      [{ program: `/${name}-prod`, user: "0:0", role: "first" }],
      `${dockerfile}: ENTRYPOINT is the program, no USER`,
    ),
    capabilities: read(
      { start: [], work: [], stop: [] },
      `${dockerfile}: no setcap, a port above 1024`,
    ),
    checkPrograms: read(["sh", "wget", "nc"], `${makefile}: ROOT_IMAGE alpine; no curl`),
    volumes: read([], `${dockerfile} and ${base}: no VOLUME`),
    ports: read([port], `${dockerfile}: EXPOSE`),
    writes,
    firstStartOnly: read([], `${REPOSITORY} ${VERSION} docs: its flags are read at each start`),
    memoryFloor: unread(
      "it takes a share of what its container may have (-memory.allowedPercent); no page gives a least",
    ),
    secretReader: read("0:0", `${dockerfile}: no USER`),
    secrets,
  };
}

/** VictoriaMetrics, one node. */
export const VICTORIAMETRICS_1_137_IMAGE = victoria(
  "victoria-metrics",
  "8428",
  read(["/storage"], "docs.victoriametrics.com: -storageDataPath, as declared"),
  "none",
);

/** vmagent. */
export const VMAGENT_1_137_IMAGE = victoria(
  "vmagent",
  "8429",
  read(["/vmagentdata"], "docs.victoriametrics.com/vmagent: -remoteWrite.tmpDataPath, as declared"),
  "config-file",
);

/** vmalert. */
export const VMALERT_1_137_IMAGE = victoria(
  "vmalert",
  "8880",
  read([], "docs.victoriametrics.com/vmalert: keeps its state by -remoteWrite.url"),
  "none",
);
