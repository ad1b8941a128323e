// Who works on the host, and at what it is held.
import * as z from "zod";
import type { Look } from "../../../control-plane/contract/events.ts";
import { readAs } from "../../../control-plane/contract/read-as.ts";
import { asLine, commit as commitForm } from "../../../control-plane/contract/words.ts";
import type { Maintenance } from "../../../model/maintenance.ts";
import { DEPLOYING, heldRecord, MAINTENANCE } from "../../../model/paths.ts";
import { isDeploying, maintenanceAt } from "../pause.ts";
import { textOf } from "../text-of.ts";

/** What the marks on a host say. */
export type Marks = Pick<Look, "maintenance" | "hold" | "deploying">;

/** Where the marks lie. */
export interface MarkPlaces {
  readonly maintenance: string;
  readonly held: string;
  readonly deploying: string;
}

const PLACES: MarkPlaces = { maintenance: MAINTENANCE, held: heldRecord(), deploying: DEPLOYING };

/** Of the hold, what is told; both were meant for people. */
const holdSchema = z.object({ by: z.string(), commit: z.string() });

/** Reads the marks; they are few bytes in files of this host. */
export function readMarks(now: number = Date.now(), places: MarkPlaces = PLACES): Marks {
  const maintenance = maintenanceAt(now, places.maintenance);
  const held = textOf(places.held);
  return {
    maintenance: maintenance === undefined ? null : maintenanceOf(maintenance),
    hold: held === undefined ? null : holdOf(held),
    deploying: isDeploying(now, places.deploying),
  };
}

function maintenanceOf({ until, reason, by }: Maintenance): Marks["maintenance"] {
  const end = until === undefined ? null : new Date(until).toISOString();
  return { reason: asLine(reason), by: asLine(by), until: end };
}

/** Somebody meant one that cannot be read, so it counts. */
function holdOf(text: string): NonNullable<Marks["hold"]> {
  const { by, commit } = readAs(holdSchema, text) ?? { by: "unknown", commit: "" };
  return { by: asLine(by), commit: commitForm.safeParse(commit).data ?? null };
}
