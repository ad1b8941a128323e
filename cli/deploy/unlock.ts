import { shellOf } from "../../deploy/staged/host-files.ts";
import {
  clearMark,
  holderText,
  lockedError,
  readLock,
  releaseLock,
} from "../../deploy/staged/lock.ts";
import { isAliveHere } from "../../deploy/staged/owner.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { openProject } from "../../workspace/project.ts";
import { mendBackend } from "../../workspace/pulumi.ts";
import { hostNamed } from "../arguments.ts";
import { assertCanAsk, confirmed } from "../confirm.ts";
import { print, printJson } from "../output.ts";
import { unlockAnswerSchema } from "./answer.ts";

/** How `homelab unlock` was called. */
export interface UnlockOptions {
  /** Folder on the host below which the state of deployments is kept. */
  readonly root: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Takes a host's lock away, and what a Pulumi that was killed left half written in the state;
 * answers the exit code.
 * @throws UserError HL-DEPLOY-LOCKED when its owner works on this computer, HL-CONFIRM
 */
export async function unlock(hostText: string, options: UnlockOptions): Promise<number> {
  const host = hostNamed(hostText);
  assertCanAsk(options);
  const { yes, json } = options;
  const places = placesBelow(options.root);
  const shell = shellOf(host);
  const torn = await mendBackend(await openProject());
  if (torn.length > 0 && !json) {
    print(`Pulumi was killed while it wrote, or its disk was full; removed ${torn.join(", ")}`);
  }
  const held = await readLock(host, shell, places);
  if (!held) {
    const isCleared = await clearMark(host, shell, places);
    const mark = isCleared
      ? " A run that was cut off still kept the boot orchestrator's hands off; no more."
      : "";
    if (json) {
      const answer = { host, lockTaken: null, markTaken: isCleared, removed: torn };
      printJson(unlockAnswerSchema, answer);
    } else print(`${host}: nobody has the lock.${mark}`);
    return 0;
  }
  if (held.lock && isAliveHere(held.lock.owner)) throw lockedError(host, held);
  const question = `${host} is locked by ${holderText(held)}.\nIf that still runs, two deployments will be in each other's way. Take the lock away? [y/N] `;
  if (!yes && !(await confirmed(question))) return 1;
  await releaseLock(host, shell, places, held.text);
  if (json) {
    const answer = { host, lockTaken: holderText(held), markTaken: false, removed: torn };
    printJson(unlockAnswerSchema, answer);
    return 0;
  }
  print(
    `${host}: unlocked, and the boot orchestrator goes on. If its Pulumi's own lock is left, the next run says so: pulumi cancel -s ${host}`,
  );
  return 0;
}
