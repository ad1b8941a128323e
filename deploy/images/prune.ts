import { runOnHost } from "../../hosts/remote-shell.ts";
import { HostError } from "../../model/errors.ts";
import { pinned, type ImageLock } from "../../model/image-reference.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import type { HostShell } from "../staged/host-files.ts";
import { lockHost, unlockHost } from "../staged/locked-host.ts";
import type { Places } from "../staged/places.ts";
import { decidePrune, type DeclaredImages, type PruneDecision } from "./decide.ts";
import { lookScript, parseImagesLook, UnreadableImages, type FoundImage } from "./look.ts";
import { nothingPruned, type HostPrune } from "./prune-report.ts";
import { removalsIn, removeScript } from "./remove.ts";

/** Large images on a slow disk take their time. */
const LONGEST_SECONDS = 900;

/** The shell in which images of a host are looked at and removed. */
export function pruneShell(host: string): HostShell {
  return (script) => runOnHost(host, script, LONGEST_SECONDS);
}

/** A host, and how to reach it. */
export interface PrunedHost {
  readonly host: HostName;
  readonly shell: HostShell;
  readonly places: Places;
  readonly declared: DeclaredImages;
  /** So many deployments keep their images. */
  readonly keep: number;
}

/** What the checkout declares, for one of its hosts. */
export function declaredFor(host: HostName, fleet: readonly DeclaredHost[]): DeclaredImages {
  const all = fleet.map(({ declaration, lock }) => ({
    host: declaration.host,
    images: imagesOf(declaration, lock),
  }));
  return {
    here: all.flatMap((one) => (one.host === host ? one.images : [])),
    anywhere: all.flatMap(({ images }) => images),
  };
}

function imagesOf({ services, machine }: HostDeclaration, lock: ImageLock): string[] {
  const images = [...services.map(({ image }) => image), ...(machine ? [machine.meshClient] : [])];
  return images.map((image) => pinned(image, lock.images[image] ?? "unpinned"));
}

/** What would go from a host. Changes nothing. A host that is away is an answer, too. */
export async function plannedPrune(pruned: PrunedHost): Promise<HostPrune> {
  const decision = await decided(pruned);
  return "outcome" in decision ? decision : reported(pruned.host, "planned", decision);
}

/**
 * Removes what was planned, as far as it still may go: under the lock of the host, so that no
 * deployment pulls what is being removed, and after a second look.
 * @param planned what a person has agreed to
 * @param say told when the lock cannot be given back
 */
export async function prune(
  pruned: PrunedHost,
  planned: HostPrune,
  { commit, say }: { commit: string; say: (line: string) => void },
): Promise<HostPrune> {
  const { host, places } = pruned;
  const reason = `images prune ${host}`;
  const locked = await lockHost(host, places, { commit, reason }, `npx homelab ${reason}`);
  if ("outcome" in locked) {
    const problem = locked.error?.message ?? "its lock cannot be had";
    return nothingPruned(host, locked.outcome === "refused" ? "refused" : "away", problem);
  }
  try {
    return await removed(pruned, planned);
  } finally {
    await unlockHost(locked, say);
  }
}

/** The same, with the lock held by the caller. */
export async function removed(pruned: PrunedHost, planned: HostPrune): Promise<HostPrune> {
  const { host } = pruned;
  const decision = await decided(pruned);
  if ("outcome" in decision) return decision;
  const agreed = new Set(planned.removed.flatMap(({ names }) => names));
  const going = decision.remove.filter(({ names }) => names.every((name) => agreed.has(name)));
  const problemOf = await removing(pruned, going);
  const gone = going.filter((image) => problemOf(image) === undefined);
  const stayed = going.flatMap((image) => {
    const problem = problemOf(image);
    return problem === undefined ? [] : [{ ...imageRow(image), problem }];
  });
  const outcome = stayed.length === 0 ? "done" : "failed";
  const problem = outcome === "done" ? null : `${stayed.length} of ${going.length} stayed`;
  return { ...reported(host, outcome, { ...decision, remove: gone }), stayed, problem };
}

/** Removes images; answers for each why it stayed, or may have. */
async function removing(
  { shell }: PrunedHost,
  going: readonly FoundImage[],
): Promise<(image: FoundImage) => string | undefined> {
  try {
    const { exitCode, stdout } = await shell(removeScript(going));
    const outcomes = new Map(removalsIn(stdout).map(({ id, problem }) => [id, problem]));
    return ({ id }) =>
      outcomes.has(id) ? outcomes.get(id) : `the script ended with ${exitCode} before`;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return () => `nobody knows whether it is gone: ${error.message}`;
  }
}

async function decided({
  host,
  shell,
  places,
  declared,
  keep,
}: PrunedHost): Promise<PruneDecision | HostPrune> {
  try {
    const { exitCode, stdout } = await shell(lookScript(host, places));
    if (exitCode !== 0) return nothingPruned(host, "away", "Docker does not answer");
    const decision = decidePrune(parseImagesLook(stdout), declared, keep);
    if ("unsure" in decision) return nothingPruned(host, "unsure", decision.unsure);
    return decision;
  } catch (error) {
    if (error instanceof UnreadableImages) return nothingPruned(host, "unsure", error.message);
    return away(host, error);
  }
}

function away(host: string, error: unknown): HostPrune {
  if (!(error instanceof HostError)) throw error;
  return nothingPruned(host, "away", error.message);
}

function reported(
  host: string,
  outcome: "planned" | "done" | "failed",
  { remove, kept, foreign, reach }: PruneDecision,
): HostPrune {
  return {
    host,
    outcome,
    problem: null,
    removed: remove.map(imageRow),
    stayed: [],
    bytes: remove.reduce((sum, { bytes }) => sum + bytes, 0),
    kept,
    foreign: foreign.map(imageRow),
    reach: { ...reach },
  };
}

function imageRow({ names, bytes }: FoundImage): { names: string[]; bytes: number } {
  return { names: [...names], bytes };
}
