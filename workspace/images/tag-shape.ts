// Which tags of a repository are later versions of the same thing. Registries know no order.

/** A tag taken apart: what stands between its numbers, and the numbers. */
interface Shape {
  /** The tag with a "#" for each number, e.g. "v#.#.#-alpine". */
  readonly form: string;
  readonly numbers: readonly number[];
}

/** What a version is called before it is released, in any of the usual spellings. */
const PRE_RELEASE = /[-._]?(?:alpha|beta|rc|pre|preview|dev|nightly|snapshot|canary|b|a)[-._]?\d*/i;

/** Longer numbers are commits or times of builds, not parts of a version. */
const LONGEST_NUMBER = 8;

/** The beginning of a commit's name, which comes in no order. */
const COMMIT = /(?:^|[-._+])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,}(?:$|[-._+])/;

function shapeOf(tag: string): Shape | undefined {
  const numbers = tag.match(/\d+/g) ?? [];
  if (
    numbers.length === 0 ||
    COMMIT.test(tag) ||
    numbers.some((text) => text.length > LONGEST_NUMBER)
  )
    return undefined;
  return { form: tag.replaceAll(/\d+/g, "#"), numbers: numbers.map(Number) };
}

/**
 * The tag of the release that a tag comes before ("2.0.0" of "2.0.0-rc1"); undefined when it names
 * a release itself.
 */
function releaseOf(tag: string): string | undefined {
  const [, version, rest = ""] = /^(\D*\d+(?:\.\d+)*)(.*)$/.exec(tag) ?? [];
  if (version === undefined) return undefined;
  const found = new RegExp(`^${PRE_RELEASE.source}(?=$|[-._+])`, "i").exec(rest);
  return found ? `${version}${rest.slice(found[0].length)}` : undefined;
}

/** The number that counts as the major version of a tag; undefined where it has no number. */
export function majorOf(tag: string): number | undefined {
  return shapeOf(tag)?.numbers[0];
}

/** Programs number their versions by years, or they do not; some have changed over. */
function isByYear(major: number): boolean {
  return (major >= 1990 && major < 2100) || major >= 19_900_101;
}

/**
 * The tags that are later versions of what a tag names, newest first: of the same form ("7-alpine"
 * is no other name of "8" or "8.0-alpine"), by their numbers. No pre-releases, but the later ones of
 * a pre-release, and its release.
 */
export function laterTags(tag: string, all: readonly string[]): string[] {
  const own = shapeOf(tag);
  const [major] = own?.numbers ?? [];
  if (!own || major === undefined) return [];
  const release = releaseOf(tag);
  const releaseForm = release === undefined ? undefined : shapeOf(release)?.form;
  const later = [...new Set(all)].flatMap((other): { tag: string; key: number[] }[] => {
    const shape = shapeOf(other);
    const [otherMajor] = shape?.numbers ?? [];
    if (!shape || otherMajor === undefined || isByYear(otherMajor) !== isByYear(major)) return [];
    if (shape.form === own.form) return [{ tag: other, key: [...shape.numbers] }];
    if (shape.form !== releaseForm) return [];
    return [{ tag: other, key: keyOfRelease(shape.numbers, release ?? "", own.numbers.length) }];
  });
  return later
    .filter(({ key }) => compare(key, own.numbers) > 0)
    .sort((one, other) => compare(other.key, one.key))
    .map((entry) => entry.tag);
}

/** A release is later than everything of the same version that came before it. */
function keyOfRelease(numbers: readonly number[], release: string, length: number): number[] {
  const version = (/^\D*(\d+(?:\.\d+)*)/.exec(release)?.[1] ?? "").split(".").length;
  const missing = Array.from({ length: Math.max(1, length - numbers.length) }, () => Infinity);
  return [...numbers.slice(0, version), ...missing, ...numbers.slice(version)];
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
