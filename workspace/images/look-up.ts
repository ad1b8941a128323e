// What a registry has that is newer than one declared image.
import { parseImageReference, type ImageReference } from "../../model/image-reference.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import type { RegistryClient } from "./registry.ts";
import { laterTags, majorOf } from "./tag-shape.ts";

/** A version that could be declared instead, or other bytes under the same tag. */
export interface Candidate {
  readonly tag: string;
  /** When it was built, ISO 8601; null where the image does not say, or could not be asked. */
  readonly created: string | null;
  /** Whether its cool-down is over. An unknown age waits. */
  readonly ready: boolean;
  /** When its cool-down is over, ISO 8601; null where its age is not known. */
  readonly readyAt: string | null;
}

/** What is newer than an image. */
export interface ImageNews {
  /** Newest of the same major version. */
  readonly withinMajor: Candidate | null;
  /** Newest at all, inside the bound. */
  readonly newest: Candidate | null;
  /** Newest of the same major version whose cool-down is over, among the last few. */
  readonly due: Candidate | null;
  /** Other bytes under the same tag than those that are locked. */
  readonly moved: (Candidate & { readonly digest: string }) | null;
  /** When the registry was asked for the oldest of these answers, ISO 8601; null when never. */
  readonly asked: string | null;
  /** Why something could not be asked; the rest is as it was when it last could. */
  readonly problem: string | null;
}

/** What is asked, and by whom. */
export interface LookUp {
  /** Full reference, as it is declared. */
  readonly image: string;
  /** The digests in the lock files. */
  readonly locked: readonly string[];
  /** Whether no other major version can take its place. */
  readonly staysInMajor: boolean;
  readonly coolDownSeconds: number;
  readonly now: Date;
  readonly registry: RegistryClient;
  readonly kept: KeptAnswers;
}

/** So many versions are looked at for one whose cool-down is over. */
const LOOKED_AT = 5;

/** Asks what is newer than an image, unless that was learnt a short while ago. */
export async function lookUp(question: LookUp): Promise<ImageNews> {
  const { image, locked, kept } = question;
  const { tag, repository } = partsOf(image);
  const problems: string[] = [];
  const note = (problem: string | undefined): void => {
    if (problem !== undefined && !problems.includes(problem)) problems.push(problem);
  };
  const later = await laterOf(question, tag);
  note(later.problem);
  const digest = await digestOf(question, image);
  note(digest.problem);
  const built = async (name: string, known?: string): Promise<Candidate> => {
    const age = await createdOf(question, `${repository}:${name}`, known);
    note(age.problem);
    return candidate(name, age.created, question);
  };
  const major = majorOf(tag);
  const tags = later.tags.filter((other) => !question.staysInMajor || majorOf(other) === major);
  const [newest] = tags;
  const within = tags.filter((other) => majorOf(other) === major);
  const newestFound = newest === undefined ? null : await built(newest);
  const recent: Candidate[] = [];
  for (const name of within.slice(0, LOOKED_AT)) {
    const found = name === newest && newestFound ? newestFound : await built(name);
    recent.push(found);
    if (found.ready || problems.length > 0) break;
  }
  const said = digest.digest;
  const isMoved = locked.length > 0 && said !== undefined && !locked.includes(said);
  const moved = isMoved ? { ...(await built(tag, said)), digest: said } : null;
  await kept.save();
  return {
    withinMajor: recent[0] ?? null,
    newest: newestFound,
    due: recent.find(({ ready }) => ready) ?? null,
    moved,
    asked: [later.at, digest.at].filter((at) => at !== undefined).sort()[0] ?? null,
    problem: problems.length === 0 ? null : problems.join("; "),
  };
}

/**
 * Another tag of an image, which a person chose, with its age.
 * @returns why it cannot be had, in words
 */
export async function chosenTag(
  question: LookUp,
  tag: string,
): Promise<Candidate | { readonly problem: string }> {
  const { repository } = partsOf(question.image);
  const { created, problem } = await createdOf(question, `${repository}:${tag}`);
  await question.kept.save();
  return problem === undefined ? candidate(tag, created, question) : { problem };
}

/** Repository and tag of an image that is declared, and so known to be named in full. */
export function partsOf(image: string): ImageReference {
  const parsed = parseImageReference(image);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed;
}

/** An answer, or the last one that there was with the reason why there is none. */
interface Learnt {
  readonly at?: string;
  readonly problem?: string;
}

async function laterOf(
  { image, kept, registry, now }: LookUp,
  tag: string,
): Promise<Learnt & { readonly tags: readonly string[] }> {
  const known = kept.later(image);
  if (known && kept.isNew(known.at)) return known;
  const answer = await registry.tags(image);
  if ("problem" in answer) return { tags: [], ...known, problem: answer.problem };
  const tags = laterTags(tag, answer.tags);
  kept.keepLater(image, tags);
  return { at: now.toISOString(), tags };
}

async function digestOf(
  { kept, registry, now }: LookUp,
  image: string,
): Promise<Learnt & { readonly digest?: string }> {
  const known = kept.digest(image);
  if (known && kept.isNew(known.at)) return known;
  const answer = await registry.digestSaid(image);
  if ("problem" in answer) return { ...known, problem: answer.problem };
  kept.keepDigest(image, answer.digest);
  return { at: now.toISOString(), digest: answer.digest };
}

/** @param known its digest. @default it is asked for */
async function createdOf(
  question: LookUp,
  image: string,
  known?: string,
): Promise<Learnt & { readonly created: string | null }> {
  const { digest, problem } =
    known === undefined ? await digestOf(question, image) : { digest: known, problem: undefined };
  if (digest === undefined) return { created: null, ...(problem === undefined ? {} : { problem }) };
  const before = question.kept.created(digest);
  if (before !== undefined) return { created: before };
  const answer = await question.registry.created(image, digest);
  if ("problem" in answer) return { created: null, problem: answer.problem };
  question.kept.keepCreated(digest, answer.created);
  return answer;
}

/** Without a cool-down nobody waits, whatever the age. */
function candidate(
  tag: string,
  created: string | null,
  { coolDownSeconds, now }: Pick<LookUp, "coolDownSeconds" | "now">,
): Candidate {
  const over = created === null ? undefined : Date.parse(created) + coolDownSeconds * 1000;
  return {
    tag,
    created,
    ready: coolDownSeconds === 0 || (over !== undefined && over <= now.getTime()),
    readyAt: over === undefined ? null : new Date(over).toISOString(),
  };
}
