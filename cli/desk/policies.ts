// `policies sign`: what may go without a person, read from one file, shown, signed, and put on the VPS.
import { readFileSync } from "node:fs";
import * as z from "zod";
import {
  policiesSchema,
  type Policies,
  type Policy,
} from "../../control-plane/contract/policies.ts";
import {
  policiesText,
  signedPoliciesSchema,
  type DatedPolicies,
} from "../../control-plane/contract/signed-policies.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { policiesPath } from "../../control-plane/disk/places.ts";
import { UserError } from "../../model/errors.ts";
import { note, print, printJson } from "../output.ts";
import { policiesAnswerSchema } from "./answers.ts";
import { keyFile, sign } from "./key.ts";
import { replace, type Desk } from "./vps.ts";

/** How `homelab policies sign` was called. */
export interface SignOptions {
  /** File of the key, where it is named. */
  readonly key: string | undefined;
  /** For how many days they are good. */
  readonly days: number;
  /** Asks the person. */
  readonly confirmed: (question: string) => Promise<boolean>;
  readonly json: boolean;
}

const DAY_MS = 24 * 3600_000;

/**
 * Signs the policies of a file; answers the exit code: 0 they are on the VPS.
 * @throws UserError HL-POLICIES for a file that is none, HL-UNDECIDED when the person does not say yes
 */
export async function signPolicies(
  desk: Desk,
  file: string,
  { key: named, days, confirmed, json }: SignOptions,
): Promise<number> {
  const key = keyFile(named);
  const now = desk.now();
  const policies: DatedPolicies = {
    ...policiesIn(file),
    signed: wholeSeconds(now),
    until: wholeSeconds(now + days * DAY_MS),
  };
  const text = policiesText(policies);
  note(shown(policies, text, key));
  if (!(await confirmed("Let that go without anybody being asked? [y/N] "))) {
    throw new UserError("HL-UNDECIDED", "nothing was decided: you did not say yes");
  }
  const { signature } = await sign(text, key);
  if (signature.kind !== "ssh") throw new Error("a key signs with a key");
  const signed = signedPoliciesSchema.parse({ version: 1, text, armored: signature.armored });
  await replace(desk, policiesPath("."), `${JSON.stringify(signed)}\n`);
  const on = policies.policies.filter((each) => each.on).map(({ name }) => name);
  if (json) printJson(policiesAnswerSchema, { on, until: policies.until });
  else if (on.length === 0) print("Nothing goes without a person any more.");
  else print(`Signed until ${policies.until}: ${on.join(", ")}. Each host checks them by itself.`);
  return 0;
}

function policiesIn(file: string): Policies {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("HL-POLICIES", `${file} cannot be read as JSON: ${visible(why)}`);
  }
  const { data, error } = policiesSchema.safeParse(value);
  if (!data) {
    throw new UserError("HL-POLICIES", `${file}: ${visible(z.prettifyError(error))}`);
  }
  return data;
}

function shown({ policies, timezone, until }: DatedPolicies, text: string, key: string): string {
  const lines = policies.map((each) => `  ${sentenceOf(each, timezone)}`);
  return `${lines.length === 0 ? "  no policy" : lines.join("\n")}
Good until ${until}. What is signed with ${key}:
  ${visible(text.trimEnd()).replaceAll("\\u000a", "\n  ")}
`;
}

function sentenceOf(
  { name, on, verbs, hosts, risks, hours, atMost }: Policy,
  zone: string,
): string {
  const often = `${atMost.times} times in ${atMost.hours} h at most`;
  return `${name} (${on ? "on" : "off"}): ${verbs.join(", ")} on ${hosts.join(", ")}, of ${risks.join(" or ")} risk, from ${hours.from} to ${hours.until} ${zone}, ${often}`;
}

function wholeSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
