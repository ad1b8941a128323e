// What one look at a host says of its images, and of who needs them.
import { z } from "zod";
import { desiredPlan } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { readScript } from "../staged/host-files.ts";
import type { Places } from "../staged/places.ts";
import { receiptsIn, type Receipts } from "../staged/receipt.ts";

const words = z.array(z.string()).nullish();

/** An image as its engine describes it. */
const imageSchema = z.object({
  Id: z.string(),
  RepoTags: words,
  RepoDigests: words,
  /** Bytes on disk, with layers that other images have, too. */
  Size: z.number(),
});

const containerSchema = z.object({
  Image: z.string(),
  Config: z.object({ Image: z.string() }),
});

/** Only what is asked of the plan that boot starts from. */
const planSchema = z.looseObject({ services: z.array(z.looseObject({ image: z.string() })) });

/** An image on a host. */
export interface FoundImage {
  readonly id: string;
  /** All its names, by tag and by digest, as the engine says them. */
  readonly names: readonly string[];
  readonly bytes: number;
}

/** What a container was made from; of a stopped one, too. */
export interface ImageUse {
  /** Id of the image. */
  readonly id: string;
  /** Name of the image, as the container was made with. */
  readonly name: string;
}

/** What is on a host. */
export interface ImagesLook {
  readonly images: readonly FoundImage[];
  readonly uses: readonly ImageUse[];
  /** Images of the plan that boot starts from; undefined when there is one that cannot be read. */
  readonly planned: readonly string[] | undefined;
  readonly receipts: Receipts;
}

/** What the engine says could not be read; nothing of it is quoted. */
export class UnreadableImages extends Error {}

/** Only what is needed: a container's environment holds secrets. */
const CONTAINER = quote(
  '@container {"Image":{{json .Image}},"Config":{"Image":{{json .Config.Image}}}}',
);
const IMAGE = quote(
  '@image {"Id":{{json .Id}},"RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}},"Size":{{.Size}}}',
);

/** So many receipts are read, newest first. */
const RECEIPTS = 100;

/** Prints images, containers, plan and receipts. Fails when the engine does not answer. */
export function lookScript(host: string, places: Pick<Places, "receipts">): string {
  const plan = quote(desiredPlan(host));
  // A list that could not be had would make everything look unused, so each step has to succeed.
  return `set -eu
containers=$(docker container ls --all --quiet --no-trunc)
[ -z "$containers" ] || docker container inspect --format ${CONTAINER} $containers
images=$(docker image ls --all --quiet --no-trunc)
[ -z "$images" ] || docker image inspect --format ${IMAGE} $(printf '%s\\n' $images | sort -u)
[ ! -e ${plan} ] || printf '@plan %s\\n' "$(base64 < ${plan} | tr -d '\\n')"
echo '@receipts'
${readScript(places.receipts, RECEIPTS)}`;
}

/**
 * Reads what the script printed.
 * @throws UnreadableImages
 */
export function parseImagesLook(output: string): ImagesLook {
  const [facts = "", receipts] = output.split(/^@receipts$/m);
  if (receipts === undefined) throw new UnreadableImages("the answer ends too early");
  const lines = facts.split("\n").map((line) => /^@(\w+) (.*)$/.exec(line));
  const of = (kind: string): string[] =>
    lines.flatMap((match) => (match?.[1] === kind ? [match[2] ?? ""] : []));
  return {
    images: of("image").map((json) => {
      const { Id, RepoTags, RepoDigests, Size } = parsed(imageSchema, json, "an image");
      const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])];
      return { id: Id, names: names.filter((name) => !name.includes("<none>")), bytes: Size };
    }),
    uses: of("container").map((json) => {
      const { Image, Config } = parsed(containerSchema, json, "a container");
      return { id: Image, name: Config.Image };
    }),
    planned: plannedIn(of("plan")[0]),
    receipts: receiptsIn(receipts),
  };
}

function parsed<T>(schema: z.ZodType<T>, json: string, what: string): T {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    throw new UnreadableImages(`what the engine says of ${what} cannot be read`);
  }
}

/** No plan plans no image. */
function plannedIn(encoded: string | undefined): string[] | undefined {
  if (encoded === undefined) return [];
  try {
    const plan = planSchema.parse(JSON.parse(Buffer.from(encoded, "base64").toString()));
    return plan.services.map(({ image }) => image);
  } catch {
    return undefined;
  }
}
