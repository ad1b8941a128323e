// `incidents` and `actions`.
import * as views from "../../control-plane/desk/views.ts";
import { worldIsOld } from "../../control-plane/disk/places.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { note, print, printJson } from "../output.ts";
import { cardText } from "./card.ts";
import { lookScript } from "./look-script.ts";
import { diskOf, SNAPSHOT_ROOT, type Snapshot, type SnapshotDisk } from "./snapshot.ts";
import { incidentsText } from "./status-text.ts";
import { read, type Desk } from "./vps.ts";
import { actionsAnswerSchema, incidentsAnswerSchema } from "./answers.ts";

/** Prints what is not well by its causes; answers the exit code. */
export async function incidents(desk: Desk, json: boolean): Promise<number> {
  const { disk, now } = await look(desk);
  const found = views.incidents(disk, SNAPSHOT_ROOT);
  if (json) printJson(incidentsAnswerSchema, found);
  else print(found.length === 0 ? "No incident." : incidentsText(found, now));
  return 0;
}

/** Prints the cards of actions, the newest first; answers the exit code. */
export async function actions(desk: Desk, all: boolean, json: boolean): Promise<number> {
  const { disk, now } = await look(desk);
  const found = views.actions(disk, SNAPSHOT_ROOT, all);
  if (json) printJson(actionsAnswerSchema, found);
  else if (found.length > 0) print(found.map((action) => cardText(action, now)).join("\n"));
  else print(all ? "No action." : "No action waits. Those that are over: --all");
  return 0;
}

/** Everything that a person decides by; says it where it is old. */
async function look(desk: Desk): Promise<Pick<Snapshot, "now"> & { disk: SnapshotDisk }> {
  const snapshot = await read(desk, lookScript(desk.root));
  const disk = diskOf(snapshot);
  const old = worldIsOld(disk, SNAPSHOT_ROOT, snapshot.now);
  if (old !== undefined) note(`This may not be so any more: ${visible(old)}.`);
  return { disk, now: snapshot.now };
}
