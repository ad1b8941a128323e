// What the jobs of the Docker VM copied, Paperless before all.
import { everythingOf, type RestoreJob } from "../../../cli/backup/places.ts";
import type { SeenJob } from "../../../cli/backup/whole-host/plan.ts";
import { buildGraph } from "../../../model/graph.ts";
import { hostNamed, hosts } from "../../support/fleet.ts";

/** What needs what. */
export const graph = buildGraph(hosts);
/** Everything that is copied of the host. */
export const jobs = everythingOf(hostNamed("docker-vm"));
/** Paperless: its files, and its database. */
export const paperless = jobs.filter(({ job }) => job.sidecar.name === "paperless-backup");
/** The same, each by its name. */
export const [files, dump] = paperless as [RestoreJob, RestoreJob];

/** Seconds of a day. */
export const DAY = 86_400;
/** The copies were made at these seconds. */
export const COPIED = 20 * DAY;
/** The newest snapshot of both. */
export const NEWEST = { id: "bbbb2222", time: new Date(COPIED * 1000) };
const EARLIER = { id: "aaaa1111", time: new Date((COPIED - DAY) * 1000) };

/** What a look found of the files of Paperless. */
export function seen(copies: readonly ({ files: number; bytes: number } | undefined)[]): SeenJob {
  const place = {
    aside: "/kept",
    device: "51",
    freeBytes: 9e12,
    full: true,
    writers: ["paperless-ngx"],
  };
  const places = files.places.map((each, index) => ({ ...each, ...place, copy: copies[index] }));
  return { job: files, look: { kind: "found", snapshot: NEWEST, others: [EARLIER], places } };
}

/** A copy of some files. */
export const COPY = { files: 3, bytes: 50 };
