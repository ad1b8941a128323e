// What a host remembers of the last run, and how far the next one may go on from there.
import { z } from "zod";
import { overrideLook, overridesIn } from "../../hosts/override-look.ts";
import { UserError } from "../../model/errors.ts";
import type { OverrideFiles } from "../../model/override-files.ts";
import { quote } from "../../model/shell-text.ts";
import { holdIn, type Hold } from "./hold.ts";
import { filesIn, readScript, runThere, type HostShell } from "./host-files.ts";
import type { Places } from "./places.ts";
import { STAGES, type Stage } from "./stage.ts";

/** Schema of state/deploy/run.json. */
export const runSchema = z.strictObject({
  version: z.literal(1),
  /** Of the run. */
  id: z.string(),
  host: z.string(),
  /** Commit that is deployed; "unknown" without git. */
  commit: z.string(),
  /** Digest of the host plan that is deployed. */
  planDigest: z.string(),
  /** Stack of services to which the run is limited; null for all. */
  only: z.string().nullable(),
  /** ISO 8601. */
  began: z.string(),
});

/** What a run is about; state/deploy/run.json. */
export type RunFacts = z.infer<typeof runSchema>;

const markerSchema = z.strictObject({
  /** Id of the run. */
  run: z.string(),
  /** ISO 8601. */
  at: z.string(),
  seconds: z.number(),
});

/** That a stage is complete; state/deploy/stage_<name>_complete. */
export type Marker = z.infer<typeof markerSchema>;

/** What lies in state/deploy. */
export interface RememberedRun {
  /** Undefined when nothing was ever deployed this way, or the file is torn. */
  readonly run: RunFacts | undefined;
  readonly complete: ReadonlyMap<Stage, Marker>;
  readonly lastService: string | undefined;
  /** Somebody went back to a receipt, and the host stays there. */
  readonly held: Hold | undefined;
  /** Files that cannot be read, by name; they were set aside. */
  readonly torn: readonly string[];
}

/** The same, and what a person overrides on the host: both are asked for at once. */
export interface RememberedHost extends RememberedRun {
  readonly overrides: OverrideFiles;
}

/** Reads what a host remembers, and sets aside what cannot be read. */
export async function rememberedRun(
  host: string,
  shell: HostShell,
  places: Places,
  now: Date,
): Promise<RememberedHost> {
  // Overrides are where Pulumi's program reads them, wherever the deployer keeps its state.
  const script = overrideLook() + readScript(places.state);
  const output = await runThere(host, shell, script, { what: "read" });
  // Of the files only those of our names are looked for, which no line about an override has.
  const remembered = rememberedIn(filesIn(output));
  if (remembered.torn.length > 0) {
    await runThere(host, shell, setAsideScript(places, remembered.torn, now));
  }
  return { ...remembered, overrides: overridesIn(output.split("\n")) };
}

/** The state in the files of its folder. */
export function rememberedIn(files: ReadonlyMap<string, string>): RememberedRun {
  const torn: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const text = files.get(name);
    if (text === undefined) return undefined;
    const value = parsed(schema, text);
    if (value === undefined) torn.push(name);
    return value;
  };
  const run = read("run.json", runSchema);
  const markers = STAGES.flatMap((stage): [Stage, Marker][] => {
    const marker = read(`stage_${stage}_complete`, markerSchema);
    return marker !== undefined && marker.run === run?.id ? [[stage, marker]] : [];
  });
  const lastService = files.get("last_service")?.trim();
  if (lastService === "") torn.push("last_service");
  const held = files.has("held.json") ? holdIn(files.get("held.json") ?? "") : undefined;
  return { run, complete: new Map(markers), lastService: lastService || undefined, held, torn };
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Renames files of the state's folder, so that nobody takes them for what they are not. */
export function setAsideScript({ state }: Places, names: readonly string[], now: Date): string {
  const suffix = `torn-${stamp(now)}`;
  const moves = names.map((name) => `mv ${quote(name)} ${quote(`${name}.${suffix}`)}\n`);
  return `set -eu\ncd ${quote(state)}\n${moves.join("")}`;
}

/** A time as it stands in names of files, e.g. "20261126T071503Z". */
export function stamp(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** The stages that a resumed run passes over. */
export function stagesDone({ complete }: RememberedRun): Stage[] {
  // One that was left out ends the list: what came after it was of another time.
  const first = STAGES.findIndex((stage) => !complete.has(stage));
  return first < 0 ? [...STAGES] : STAGES.slice(0, first);
}

/** Whether the last run on a host came to its end, so that nothing of it is left to resume. */
export function isComplete(remembered: RememberedRun): boolean {
  return remembered.torn.length === 0 && stagesDone(remembered).length === STAGES.length;
}

/**
 * Holds a run that is to be resumed against what would be deployed now.
 * @returns HL-DEPLOY-RESUME with what is another, or when it is not known what was begun
 */
export function resumeProblem(
  host: string,
  remembered: RememberedRun,
  now: Pick<RunFacts, "commit" | "planDigest" | "only">,
): UserError | undefined {
  const again = `without --resume, \`npx homelab deploy ${host}\` begins anew`;
  if (remembered.torn.length > 0) {
    return new UserError(
      "HL-DEPLOY-RESUME",
      `the state of the run on ${host} is torn (${remembered.torn.join(", ")}; set aside there), so nobody knows how far it came; ${again}`,
    );
  }
  if (!remembered.run) return undefined;
  const { run } = remembered;
  const differences = [
    difference("commit", run.commit, now.commit),
    difference("plan", run.planDigest, now.planDigest),
    difference("--only", run.only ?? "everything", now.only ?? "everything"),
  ].filter((text) => text !== undefined);
  if (differences.length === 0) return undefined;
  return new UserError(
    "HL-DEPLOY-RESUME",
    `the run on ${host} that was begun at ${run.began} cannot be resumed, what would be deployed has changed: ${differences.join("; ")}. Go back to that, or begin anew: ${again}`,
  );
}

function difference(what: string, then: string, now: string): string | undefined {
  return then === now ? undefined : `${what} ${then} -> ${now}`;
}
