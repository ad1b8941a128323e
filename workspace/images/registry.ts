import { createHash } from "node:crypto";
import { z } from "zod";
import { createdIn, manifestSchema, platformOf } from "./created.ts";
import type { Credentials } from "./credentials.ts";
import { manifestAddress, type ManifestAddress } from "./registry-address.ts";
import { reasonOf, Refusal, registrySession, type Pause } from "./session.ts";

/** What was asked for, or why it could not be learnt. */
export type Answered<T> = T | { readonly problem: string };

/** The digest of an image, or why it could not be learnt. */
export type DigestAnswer = Answered<{ readonly digest: string }>;

/** Asks registries about images; every answer may be a reason why there is none. */
export interface RegistryClient {
  /** The digest of an image, from its very bytes, so that it may be pinned. */
  readonly digest: (image: string) => Promise<DigestAnswer>;
  /**
   * The digest that a tag has now, as the registry says it. Asks for no manifest where the registry
   * names it without, since those are what registries count.
   */
  readonly digestSaid: (image: string) => Promise<DigestAnswer>;
  /** All tags beside an image's own. */
  readonly tags: (image: string) => Promise<Answered<{ readonly tags: readonly string[] }>>;
  /** When the image of a digest was built, ISO 8601; null where it does not say. */
  readonly created: (
    image: string,
    digest: string,
  ) => Promise<Answered<{ readonly created: string | null }>>;
}

/**
 * Manifests that an engine can pull (OCI image spec and Docker's manifest v2, schema 2). Indexes
 * go first: their digest holds on every processor.
 */
const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** As many as the reference registry gives at once; one that gives fewer says where to go on. */
const TAGS_AT_ONCE = 1000;

/** The longest lists of public images have some thousand tags. */
const MOST_PAGES = 200;

const configSchema = z.looseObject({ created: z.string().nullish() });
const tagsSchema = z.looseObject({ tags: z.array(z.string()).nullish() });

/** A manifest's digest is the hash of its bytes. */
export function digestOf(manifest: Uint8Array): string {
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}

/**
 * A client with the logins that are given. One registry that wants to be left alone is for as long
 * as the client lives.
 * @param pause between tries. @default it waits
 */
export function registryClient(credentials: Credentials, pause?: Pause): RegistryClient {
  const session = registrySession(credentials, pause);

  async function manifest(
    address: ManifestAddress,
    reference: string,
    method: "GET" | "HEAD" = "GET",
  ): Promise<Response> {
    const { registry, origin, repository } = address;
    const url = `${origin}/v2/${repository}/manifests/${reference}`;
    const answer = await session.ask(address, { url, method, accept: MANIFEST_TYPES.join(", ") });
    if (answer.status === 404) {
      const sign = reference.includes(":") ? "@" : ":";
      throw new Refusal(`${registry} has no ${repository}${sign}${reference} (404)`);
    }
    return answered(address, answer);
  }

  async function digest(image: string): Promise<{ digest: string }> {
    const address = manifestAddress(image);
    const answer = await manifest(address, address.tag);
    return { digest: digestOf(await bytesOf(answer)) };
  }

  async function digestSaid(image: string): Promise<{ digest: string }> {
    const address = manifestAddress(image);
    const answer = await manifest(address, address.tag, "HEAD");
    const said = answer.headers.get("docker-content-digest") ?? "";
    return /^sha256:[0-9a-f]{64}$/.test(said) ? { digest: said } : await digest(image);
  }

  async function tags(image: string): Promise<{ tags: string[] }> {
    const address = manifestAddress(image);
    const { registry, origin, repository } = address;
    const found: string[] = [];
    let url = `${origin}/v2/${repository}/tags/list?n=${TAGS_AT_ONCE}`;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await session.ask(address, { url, accept: "application/json" });
      if (answer.status === 404) throw new Refusal(`${registry} has no ${repository} (404)`);
      const list = tagsSchema.safeParse(await answered(address, answer).json());
      if (!list.success) throw new Refusal(`the list of tags from ${registry} cannot be read`);
      found.push(...(list.data.tags ?? []));
      const next = nextPage(answer.headers.get("link"), url);
      if (next === undefined) return { tags: found };
      if (new URL(next).origin !== origin) {
        throw new Refusal(
          `${registry} sends to ${new URL(next).host} for more tags, which is not it`,
        );
      }
      url = next;
    }
    throw new Refusal(`the list of tags from ${registry} does not end`);
  }

  async function created(image: string, digest: string): Promise<{ created: string | null }> {
    const address = manifestAddress(image);
    const { registry, origin, repository } = address;
    const read = async (wanted: string) => {
      const bytes = await bytesOf(await manifest(address, wanted));
      return parsed(manifestSchema, sameAs(wanted, bytes), registry);
    };
    const first = await read(digest);
    const saidFirst = createdIn(first);
    if (saidFirst !== undefined) return { created: saidFirst };
    const platform = platformOf(first);
    const own = platform === undefined ? first : await read(platform);
    const said = createdIn(own);
    if (said !== undefined || own.config === undefined) return { created: said ?? null };
    const url = `${origin}/v2/${repository}/blobs/${own.config.digest}`;
    const answer = answered(address, await session.ask(address, { url, accept: "*/*" }));
    const bytes = sameAs(own.config.digest, new Uint8Array(await answer.arrayBuffer()));
    const config = parsed(configSchema, bytes, registry);
    return { created: createdIn(config) ?? null };
  }

  return {
    digest: orProblem(digest),
    digestSaid: orProblem(digestSaid),
    tags: orProblem(tags),
    created: orProblem(created),
  };
}

/** An answer with what was asked for in it. */
function answered({ registry }: ManifestAddress, answer: Response): Response {
  if (!answer.ok) throw new Refusal(`${registry} answers ${answer.status}`);
  return answer;
}

/** The bytes of a manifest, which must be what the registry says that it sent. */
async function bytesOf(answer: Response): Promise<Uint8Array> {
  const type = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
  // A page of some gateway would else be pinned as an image.
  if (!MANIFEST_TYPES.includes(type)) {
    throw new Refusal(`the answer is no image manifest, but "${type}"`);
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const found = digestOf(bytes);
  const said = answer.headers.get("docker-content-digest");
  if (said !== null && said !== found) {
    throw new Refusal(`the manifest came damaged: its digest is ${found}, announced was ${said}`);
  }
  return bytes;
}

/** What was asked for by its digest has that digest. */
function sameAs(digest: string, bytes: Uint8Array): Uint8Array {
  const found = digestOf(bytes);
  if (found === digest) return bytes;
  throw new Refusal(`what came for ${digest} is not it, but ${found}`);
}

function parsed<T>(schema: z.ZodType<T>, bytes: Uint8Array, registry: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    throw new Refusal(`what ${registry} says of the image cannot be read`);
  }
}

/** Where the next part of a list is (RFC 8288; distribution spec, listing tags). */
function nextPage(link: string | null, url: string): string | undefined {
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? "") ?? [];
  return target === undefined ? undefined : new URL(target, url).href;
}

function orProblem<Words extends string[], T>(
  action: (...words: Words) => Promise<T>,
): (...words: Words) => Promise<Answered<T>> {
  return async (...words) => {
    try {
      return await action(...words);
    } catch (error) {
      // What is no refusal broke off inside an answer; its text is the runtime's own.
      return { problem: error instanceof Refusal ? error.message : reasonOf(error) };
    }
  };
}
