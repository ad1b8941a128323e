// Puts built images into a registry that answers for every registry the references name.
import { Readable } from "node:stream";
import { readFile } from "node:fs/promises";
import { HostError } from "../../model/errors.ts";
import { parseImageReference } from "../../model/image-reference.ts";
import type { Built } from "./build.ts";
import type { BuiltImage } from "./image.ts";
import { OCI_MANIFEST, RegistryClient, type Answer, type Registry } from "./registry-client.ts";
import type { Blob, Store } from "./store.ts";

/** What a push did. */
export interface Pushed {
  /** References that were sent. */
  readonly sent: readonly string[];
  /** How many the registry had already, tag and digest alike. */
  readonly present: number;
}

/**
 * Makes the registry hold every image under its repository (the reference without its registry)
 * and tag. Images that are there already cost one small request each.
 * @throws HostError when the registry refuses a request
 */
export async function pushImages(registry: Registry, built: Built): Promise<Pushed> {
  const client = await RegistryClient.to(registry);
  try {
    const missing: BuiltImage[] = [];
    await eachOf(built.images, async (image) => {
      const { repository, tag } = placeOf(image.reference);
      const answer = await client.send("HEAD", `/v2/${repository}/manifests/${tag}`);
      if (answer.headers["docker-content-digest"] !== image.manifest.digest) missing.push(image);
    });
    // The first brings the shared layers; the others then only name them.
    const [first, ...others] = missing;
    if (first !== undefined) {
      const source = placeOf(first.reference).repository;
      await pushImage(client, built.store, first, source);
      await eachOf(others, (image) => pushImage(client, built.store, image, source));
    }
    return {
      sent: missing.map((image) => image.reference).sort(),
      present: built.images.length - missing.length,
    };
  } finally {
    client.close();
  }
}

async function pushImage(
  client: RegistryClient,
  store: Store,
  image: BuiltImage,
  source: string,
): Promise<void> {
  const { repository, tag } = placeOf(image.reference);
  for (const blob of [...image.layers, image.configuration])
    await ensureBlob(client, store, blob, repository, source);
  const manifest = await readFile(store.blobPath(image.manifest.digest));
  const answer = await client.send("PUT", `/v2/${repository}/manifests/${tag}`, {
    type: OCI_MANIFEST,
    size: manifest.length,
    data: Readable.from([manifest]),
  });
  expect(answer, [201], `manifest of ${image.reference}`);
}

async function ensureBlob(
  client: RegistryClient,
  store: Store,
  blob: Blob,
  repository: string,
  source: string,
): Promise<void> {
  const head = await client.send("HEAD", `/v2/${repository}/blobs/${blob.digest}`);
  if (head.status === 200) return;
  const mount = source === repository ? "" : `?mount=${blob.digest}&from=${source}`;
  const start = await client.send("POST", `/v2/${repository}/blobs/uploads/${mount}`);
  if (start.status === 201) return;
  expect(start, [202], `start of a blob of ${repository}`);
  const location = start.headers.location ?? "";
  const answer = await client.send(
    "PUT",
    `${location}${location.includes("?") ? "&" : "?"}digest=${blob.digest}`,
    {
      type: "application/octet-stream",
      size: blob.size,
      data: store.read(blob.digest),
    },
  );
  expect(answer, [201], `blob ${blob.digest} of ${repository}`);
}

function expect(answer: Answer, codes: readonly number[], what: string): void {
  if (codes.includes(answer.status)) return;
  throw new HostError(
    "HL-IMAGES-PUSH",
    "registry",
    `${what}: it answers ${answer.status} instead of ${codes.join(" or ")}: ${answer.body.slice(0, 300)}`,
  );
}

/** Repository below the registry, and tag: "docker.io/library/redis:7-alpine" is library/redis, 7-alpine. */
export function placeOf(reference: string): { readonly repository: string; readonly tag: string } {
  const parsed = parseImageReference(reference);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return {
    repository: parsed.repository.slice(parsed.repository.indexOf("/") + 1),
    tag: parsed.tag,
  };
}

/** Eight at a time, as many as the client has connections. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
