// `approve` and `reject`: what is shown, what is signed, and the one file that says so.
import { hostname, userInfo } from "node:os";
import type { Action } from "../../control-plane/contract/actions.ts";
import { commandAtDesk } from "../../control-plane/contract/at-desk.ts";
import { CLOCK_TOLERANCE_MS } from "../../control-plane/contract/clocks.ts";
import { asLine } from "../../control-plane/contract/words.ts";
import * as rules from "../../control-plane/desk/decide.ts";
import * as views from "../../control-plane/desk/views.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { UserError } from "../../model/errors.ts";
import { note, print, printJson } from "../output.ts";
import { cardText, titleOf } from "./card.ts";
import { follow, progressText } from "./follow.ts";
import { keyFile, sign } from "./key.ts";
import { lookScript } from "./look-script.ts";
import { actionNamed } from "./named.ts";
import { diskOf, SNAPSHOT_ROOT, type SnapshotDisk } from "./snapshot.ts";
import { decide, read, type Desk } from "./vps.ts";
import { decisionAnswerSchema } from "./answers.ts";

/** What both take. */
interface DecideOptions {
  /** Say what becomes of it. */
  readonly wait: boolean;
  readonly json: boolean;
}

/** How `homelab approve` was called. */
export interface ApproveOptions extends DecideOptions {
  /** File of the key, where it is named. */
  readonly key: string | undefined;
  /** Asks the person. */
  readonly confirmed: (question: string) => Promise<boolean>;
}

/** The Executor looks each second. */
const REJECTED_MS = 20_000;

/** Approves an action; answers the exit code: 0 it is verified, or kept and nobody waits. */
export async function approve(desk: Desk, id: string, options: ApproveOptions): Promise<number> {
  const key = keyFile(options.key);
  const { action, disk, now } = await look(desk, id);
  const atDesk = commandAtDesk(action.binding);
  if (atDesk !== null) {
    throw refusal(`no host does ${action.binding.verb} by itself; it is done here: ${atDesk}`);
  }
  const ahead = now - desk.now();
  if (Math.abs(ahead) > CLOCK_TOLERANCE_MS) {
    const seconds = Math.round(Math.abs(ahead) / 1000);
    throw refusal(
      `the clock of the VPS is ${seconds} s ${ahead > 0 ? "ahead of" : "behind"} this computer's, and an order is good until a moment; set the one that is wrong`,
    );
  }
  const found = answered(rules.signable(disk, SNAPSHOT_ROOT, action.id, now));
  note(approvalText(found, key, now));
  if (!(await options.confirmed(`Approve: ${titleOf(found.action)}? [y/N] `))) {
    throw refusal("you did not say yes");
  }
  const authority = await sign(found.text, key);
  const { hash } = found.action;
  const who = { by: self(), now };
  answered(rules.approve(disk, SNAPSHOT_ROOT, action.id, hash, authority, who));
  return kept(desk, found.action, disk, now, "approve", options);
}

/** Rejects an action; answers the exit code: 0 it is rejected, or kept and nobody waits. */
export async function reject(
  desk: Desk,
  id: string,
  reason: string,
  options: DecideOptions,
): Promise<number> {
  const { action, disk, now } = await look(desk, id);
  const who = { by: self(), now };
  answered(rules.reject(disk, SNAPSHOT_ROOT, action.id, asLine(reason), who));
  return kept(desk, action, disk, now, "reject", options);
}

/** Exactly what is signed, and what comes of it. */
function approvalText({ action, text }: rules.Signable, key: string, now: number): string {
  const signed = text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${visible(line)}`);
  return `${cardText(action, now)}
What is signed with ${key}:
${signed.join("\n")}
Host, verb, target and images are what the host checks; why and what it touches are the VPS's words.
`;
}

async function look(
  desk: Desk,
  id: string,
): Promise<{ readonly action: Action; readonly disk: SnapshotDisk; readonly now: number }> {
  const snapshot = await read(desk, lookScript(desk.root));
  const disk = diskOf(snapshot);
  const known = views.actions(disk, SNAPSHOT_ROOT, true);
  return { action: actionNamed(known, id), disk, now: snapshot.now };
}

/** Puts what was decided on the VPS, and says what becomes of it. */
async function kept(
  desk: Desk,
  { id, binding: { host } }: Action,
  { made }: SnapshotDisk,
  since: number,
  verdict: "approve" | "reject",
  { wait, json }: DecideOptions,
): Promise<number> {
  for (const [path, text] of made) {
    if (!(await decide(desk, path, text))) throw refusal("somebody has decided already");
  }
  const goal = verdict === "approve" ? "verified" : "rejected";
  const limit = verdict === "approve" ? undefined : REJECTED_MS;
  const last = wait ? await follow(desk, { id, host, since }, note, limit) : undefined;
  const isGood = last === undefined || last.state === goal;
  const state = last?.state ?? "sent";
  if (json)
    printJson(decisionAnswerSchema, { action: id, verdict, state, said: last?.said ?? null });
  else if (!last)
    print("The decision is kept; `npx homelab actions --all` shows what becomes of it.");
  else if (last.isOver) print(`${progressText(last, host)}.`);
  else
    print(`${progressText(last, host)}; \`npx homelab actions --all\` shows what becomes of it.`);
  return isGood ? 0 : 1;
}

function answered<Value extends object>(answer: rules.Answer<Value>): Value {
  if ("refused" in answer) throw refusal(answer.refused);
  return answer;
}

function refusal(why: string): UserError {
  return new UserError("HL-UNDECIDED", `nothing was decided: ${visible(why)}`);
}

/** Who sits here, e.g. "anna@desk". */
function self(): string {
  return asLine(`${userInfo().username}@${hostname()}`);
}
