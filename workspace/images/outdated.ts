import { z } from "zod";
import { eachOf } from "./each-of.ts";
import { releasePages, staysInMajor, type DeclaredImage } from "./declared-images.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import { lookUp } from "./look-up.ts";
import type { RegistryClient } from "./registry.ts";

const candidateSchema = z.strictObject({
  tag: z.string(),
  created: z.string().nullable().describe("When it was built, ISO 8601; null where nobody knows."),
  ready: z.boolean().describe("Whether its cool-down is over; of an unknown age it is not."),
  readyAt: z.string().nullable(),
});

const rowSchema = z.strictObject({
  image: z.string(),
  services: z.array(z.string()),
  withinMajor: candidateSchema.nullable().describe("Newest of the same major version."),
  newest: candidateSchema.nullable().describe("Newest at all."),
  due: candidateSchema
    .nullable()
    .describe("Newest of the same major version whose cool-down is over."),
  moved: candidateSchema
    .extend({ digest: z.string() })
    .nullable()
    .describe("Other bytes under the same tag than those that are locked."),
  staysInMajor: z
    .boolean()
    .describe("Whether no other major version can take its place, and none is named."),
  releases: z.array(z.string()).describe("Where its releases are described."),
  asked: z
    .string()
    .nullable()
    .describe("When the registry was asked; null when it never answered."),
  problem: z
    .string()
    .nullable()
    .describe(
      "Why the registry could not be asked now; what else is in the row is then from `asked`.",
    ),
});

/** Schema of `homelab images outdated --json`. */
export const outdatedReportSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe("0 nothing newer, 2 something newer, 1 an image could not be asked for."),
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
