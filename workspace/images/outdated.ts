import { z } from "zod";
import { eachOf } from "./each-of.ts";
import { releasePages, staysInMajor, type DeclaredImage } from "./declared-images.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import { lookUp } from "./look-up.ts";
import type { RegistryClient } from "./registry.ts";

const candidateSchema = z.strictObject({
  tag: z.string(),
  /** When it was built, ISO 8601; null where nobody knows. */
  created: z.string().nullable(),
  /** Whether its cool-down is over; of an unknown age it is not. */
  ready: z.boolean(),
  readyAt: z.string().nullable(),
});

const rowSchema = z.strictObject({
  image: z.string(),
  services: z.array(z.string()),
  /** Newest of the same major version. */
  withinMajor: candidateSchema.nullable(),
  /** Newest at all. */
  newest: candidateSchema.nullable(),
  /** Newest of the same major version whose cool-down is over. */
  due: candidateSchema.nullable(),
  /** Other bytes under the same tag than those that are locked. */
  moved: candidateSchema.extend({ digest: z.string() }).nullable(),
  /** Whether no other major version can take its place, and none is named. */
  staysInMajor: z.boolean(),
  /** Where its releases are described. */
  releases: z.array(z.string()),
  /** When the registry was asked; null when it never answered. */
  asked: z.string().nullable(),
  /** Why the registry could not be asked now; what else is in the row is then from `asked`. */
  problem: z.string().nullable(),
});

/** Schema of `homelab images outdated --json`. */
export const outdatedReportSchema = z.strictObject({
  version: z.literal(1),
  /** 0 nothing newer, 2 something newer, 1 an image could not be asked for. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  coolDownSeconds: z.number(),
  rows: z.array(rowSchema),
});

/** What is newer than what is declared. */
export type OutdatedReport = z.infer<typeof outdatedReportSchema>;
/** One image of it. */
export type OutdatedRow = z.infer<typeof rowSchema>;

/** Asks the registries about each image; one that cannot be asked holds up nobody. */
export async function findOutdated(
  images: readonly DeclaredImage[],
  asking: {
    readonly coolDownSeconds: number;
    readonly now: Date;
    readonly registry: RegistryClient;
    readonly kept: KeptAnswers;
    /** Told how far it is. */
    readonly say: (line: string) => void;
  },
): Promise<OutdatedReport> {
  const { coolDownSeconds, say } = asking;
  const rows: OutdatedRow[] = [];
  await eachOf(images, async ({ image, services, locked, contract }) => {
    const bound = staysInMajor(contract);
    const news = await lookUp({ image, locked, staysInMajor: bound, ...asking });
    rows.push({
      image,
      services: [...services],
      ...news,
      staysInMajor: bound,
      releases: releasePages(contract),
    });
    say(
      `${rows.length}/${images.length} ${image}${news.problem === null ? "" : `: ${news.problem}`}`,
    );
  });
  rows.sort((one, other) => (one.image < other.image ? -1 : 1));
  const exitCode = rows.some(({ problem }) => problem !== null) ? 1 : rows.some(isNewer) ? 2 : 0;
  return { version: 1, exitCode, coolDownSeconds, rows };
}

/** Whether there is anything newer than an image. */
export function isNewer({ newest, moved }: OutdatedRow): boolean {
  return newest !== null || moved !== null;
}
