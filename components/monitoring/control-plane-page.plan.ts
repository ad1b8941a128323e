import type { AppService } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { CONTROL_PLANE_ROOT, reads } from "./control-plane-folders.plan.ts";
import {
  afterObserver,
  CONTROL_PLANE_PAGE,
  inMesh,
  LISTENS_IN_MESH,
  part,
  programOf,
  settingsFile,
  settingsOf,
} from "./control-plane-part.plan.ts";
import { wgetHealth } from "./monitoring-service.plan.ts";

/** Port of the page, which asks for a login, in its container and at the VPS's address in the mesh. */
const PAGE_PORT = 8080;
/** Port of counts and health in the page's container. */
const COUNTS_PORT = 8084;
/** Where the VPS shows counts and health to itself; its mesh address has the page at that port. */
export const COUNTS_LOOPBACK_PORT = 8080;
/** Name of the value that is what needs what, as the page draws it. */
export const GRAPH_VALUE = "graph";

/** Files that a browser is given to run. */
export const PAGE_FILES = ["index.html", "page.js", "page.css"] as const;
/** One of them. */
export type PageFile = (typeof PAGE_FILES)[number];

/** Name of the value that is such a file; the stack hands it over. */
export function pageFileValue(file: PageFile): string {
  return `page-${file.replace(".", "-")}`;
}

/** Secret with which the first user logs in at the page. */
export const PAGE_PASSWORD = "control-plane-password";

/**
 * Shows counts and health to the VPS itself, and everything to who logs in.
 * @param urls further addresses at which a reverse proxy shows it
 */
export function page(site: Site, urls: readonly string[]): AppService {
  const folder = "/homelab/pages";
  const [users, graph] = ["/homelab/users.json", "/homelab/graph.json"];
  const settings = {
    root: CONTROL_PLANE_ROOT,
    counts: { address: "0.0.0.0", port: COUNTS_PORT },
    page: {
      listen: { address: "0.0.0.0", port: PAGE_PORT },
      urls: [`http://${site.hosts[hostWith("coordinator")].mesh}:${PAGE_PORT}`, ...urls],
      // A proxy that joins its network may ask by its name there.
      ownHosts: [`${CONTROL_PLANE_PAGE}:${PAGE_PORT}`],
      users,
      files: folder,
      graph,
    },
  };
  const { adminUser } = site;
  return {
    ...part(site, "operator-ui", [
      settingsOf("operator-ui", settings),
      {
        target: users,
        content: {
          kind: "page-users",
          users: { [adminUser]: { role: "operator", secret: PAGE_PASSWORD } },
        },
      },
      { target: graph, content: { kind: "template", template: `{{value:${GRAPH_VALUE}}}` } },
      ...PAGE_FILES.map((file) => {
        const template = `{{value:${pageFileValue(file)}}}`;
        return { target: `${folder}/${file}`, content: { kind: "template", template } } as const;
      }),
    ]),
    command: [programOf("operator-ui"), settingsFile("operator-ui")],
    ports: [
      inMesh(site, PAGE_PORT),
      {
        bind: "127.0.0.1",
        host: COUNTS_LOOPBACK_PORT,
        container: COUNTS_PORT,
        protocol: "tcp",
      },
    ],
    mounts: [reads("world"), reads("state"), reads("queue"), reads("events")],
    health: wgetHealth(COUNTS_PORT, "/healthz"),
    // 43 MB with logins, twelve streams and 1,000 services; see ADR 0026.
    limits: { memory: "59MiB", cpus: 0.25 },
    requires: [
      LISTENS_IN_MESH,
      afterObserver("shows what it wrote"),
      {
        on: "ntfy",
        condition: "started",
        strength: "soft",
        why: "has to leave it port 8080 of the loopback first",
      },
    ],
  };
}
