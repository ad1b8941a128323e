import * as views from "../../control-plane/desk/views.ts";
import { HostError } from "../../model/errors.ts";
import { HOSTS } from "../../model/host-names.ts";
import { note, print, printJson } from "../output.ts";
import { lookScript } from "./look-script.ts";
import { diskOf, SNAPSHOT_ROOT } from "./snapshot.ts";
import { statusText } from "./status-text.ts";
import { rowsOf, verdictOf } from "./verdict.ts";
import { read, type Desk } from "./vps.ts";
import { knownStatusSchema, unknownStatusSchema } from "./answers.ts";

/** Prints how everything is; answers the exit code. */
export async function status(desk: Desk, json: boolean): Promise<number> {
  try {
    return await shown(desk, json);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const sentence = "Nobody can tell how things are: the VPS does not say";
    if (json) printJson(unknownStatusSchema, { verdict: sentence, exitCode: 1 });
    else print(`${sentence}.`);
    note(`error ${error.code} on ${error.host}: ${error.message}`);
    return 1;
  }
}

async function shown(desk: Desk, json: boolean): Promise<number> {
  const snapshot = await read(desk, lookScript(desk.root));
  const { now } = snapshot;
  const disk = diskOf(snapshot);
  const found = views.status(disk, SNAPSHOT_ROOT, now);
  const verdict = verdictOf(found, HOSTS);
  const hosts = rowsOf(found, HOSTS);
  const incidents = views.incidents(disk, SNAPSHOT_ROOT);
  const actions = views.actions(disk, SNAPSHOT_ROOT);
  if (json) {
    const { sentence, exitCode } = verdict;
    const at = new Date(now).toISOString();
    printJson(knownStatusSchema, {
      verdict: sentence,
      exitCode,
      at,
      stale: found.stale,
      hosts,
      incidents,
      actions,
    });
  } else print(statusText({ verdict, hosts, incidents, actions, now }));
  return verdict.exitCode;
}
