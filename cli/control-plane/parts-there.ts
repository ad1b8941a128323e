// What runs on the VPS of the control plane, beside what is built from this checkout: asked from
// outside, for who is broken cannot be asked about itself.
import { createHash } from "node:crypto";
import {
  CONTROL_PLANE_PARTS,
  containerOf,
  programOf,
  type ControlPlanePart,
} from "../../components/monitoring/control-plane-part.plan.ts";
import { healthzUrls } from "../../components/monitoring/control-plane.plan.ts";
import { readAs } from "../../control-plane/contract/read-as.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { line } from "../../control-plane/contract/words.ts";
import type { FurtherSight } from "../../deploy/staged/run-context.ts";
import { quote } from "../../model/shell-text.ts";
import type { Site } from "../../model/site.ts";
import { buildOf, controlPlaneProgram } from "../../programs/bundle.ts";
import * as z from "zod";

/** Build id by part, e.g. "1f0c3a9b77de". */
export type Builds = Readonly<Record<ControlPlanePart, string>>;

/** Seconds for an answer of a part that is well. */
const ANSWER_SECONDS = 5;

/** What is not as it was built here, of one part. */
export interface PartTrouble {
  /** In words. */
  readonly text: string;
  /** No later look will find it otherwise: what was deployed is another. */
  readonly isFinal: boolean;
}

/** What a file that could not be read is taken for. */
const NO_PROGRAM = createHash("sha256").digest("hex");

const healthSchema = z.looseObject({ status: z.string(), build: line });

/** The build ids of what a deployment of this checkout brings. */
export async function buildsOf(checkout: string): Promise<Builds> {
  const builds = CONTROL_PLANE_PARTS.map(
    async (part) => [part, buildOf(await controlPlaneProgram(checkout, part))] as const,
  );
  return Object.fromEntries(await Promise.all(builds)) as Record<ControlPlanePart, string>;
}

/**
 * The script that asks each part on the VPS. It prints for each "program <part> <SHA-256 of the program
 * in its container>", and for each that answers to anybody "answer <part> <what it said, in base64>".
 */
export function partsScript(site: Site): string {
  const programs = CONTROL_PLANE_PARTS.map((part) => {
    const file = quote(`${containerOf(part)}:${programOf(part)}`);
    return `echo "program ${part} $(docker cp ${file} - 2>/dev/null | tar -xO 2>/dev/null | sha256sum)"\n`;
  });
  const answers = Object.entries(healthzUrls(site)).map(
    ([part, url]) =>
      `echo "answer ${part} $(curl --silent --fail --max-time ${ANSWER_SECONDS} ${quote(url)} | head -c 4096 | base64 | tr -d '\\n')"\n`,
  );
  return `${programs.join("")}${answers.join("")}`;
}

/** Reads what the script printed: by container, what is not as it was built here. */
export function partTroubles(output: string, builds: Builds): Map<string, PartTrouble> {
  const troubles = new Map<string, PartTrouble>();
  for (const text of output.split("\n")) {
    const [word, name, said = ""] = text.split(" ");
    const part = CONTROL_PLANE_PARTS.find((one) => one === name);
    if (part === undefined) continue;
    const trouble = troubleOf(word, said, builds[part]);
    if (trouble && !troubles.get(containerOf(part))?.isFinal) {
      troubles.set(containerOf(part), trouble);
    }
  }
  for (const part of CONTROL_PLANE_PARTS) {
    const isAsked = output.includes(`program ${part} `);
    if (!isAsked) troubles.set(containerOf(part), forNow("could not be asked"));
  }
  return troubles;
}

/**
 * What `verify` is told. Where something is final nobody else is named: who does not answer yet may be
 * well, and would be put back with the one that is another.
 */
export function sightOf(troubles: ReadonlyMap<string, PartTrouble>): FurtherSight {
  const all = [...troubles];
  const final = all.filter(([, { isFinal }]) => isFinal);
  const isFinal = final.length > 0;
  const told = (isFinal ? final : all).map(([name, { text }]) => [name, text] as const);
  return { troubles: new Map(told), isFinal };
}

function forNow(text: string): PartTrouble {
  return { text, isFinal: false };
}

function forGood(text: string): PartTrouble {
  return { text, isFinal: true };
}

function troubleOf(word: string | undefined, said: string, build: string): PartTrouble | undefined {
  if (word === "program") return programTrouble(said, build);
  const answer = Buffer.from(said, "base64").toString();
  if (answer === "") return forNow("does not answer");
  const health = readAs(healthSchema, answer);
  if (!health) return forNow("answers with something else than its health");
  if (health.status !== "ok") return forNow(`says that it is ${visible(health.status)}`);
  return health.build === build
    ? undefined
    : forGood(`answers as build ${visible(health.build)}, and ${build} was deployed`);
}

function programTrouble(sum: string, build: string): PartTrouble | undefined {
  if (sum.startsWith(build)) return undefined;
  if (sum === NO_PROGRAM) return forNow("has no program that could be read");
  return forGood(`has another program than build ${build}`);
}
