// What a registry has: tags that come in pages, indexes, manifests and configurations by digest, and
// a token that it wants for all of it.
import type { IncomingMessage } from "node:http";
import { digestOf } from "../../../workspace/images/registry.ts";
import { imitateRegistry, type Answer, type ImitatedRegistry } from "./imitated-registry.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const TOKEN = "Bearer for-a-while";

/** One image of it. */
export interface ImitatedImage {
  /** Stands in the configuration, unless it is null. */
  readonly created: string | null;
  /** Stands in the index, too. @default false */
  readonly annotated?: boolean;
}

/** A registry of this computer with images in it. */
export interface FilledRegistry extends ImitatedRegistry {
  /** Puts an image there, in place of what the tag named before, and gives its digest. */
  readonly publish: (repository: string, tag: string, image: ImitatedImage) => string;
  /** Answers every later request for a path with this in it otherwise; undefined no longer. */
  readonly trouble: (part: string, answer: Answer | undefined) => void;
}

/** Starts one. @param pageSize tags that it gives at once */
export async function imitateImages(pageSize = 3): Promise<FilledRegistry> {
  const tags = new Map<string, Map<string, string>>();
  const contents = new Map<string, { type: string; body: string }>();
  const troubles = new Map<string, Answer>();

  const keep = (type: string, value: unknown): string => {
    const body = JSON.stringify(value);
    const digest = digestOf(Buffer.from(body));
    contents.set(digest, { type, body });
    return digest;
  };

  function publish(repository: string, tag: string, image: ImitatedImage): string {
    const { created, annotated = false } = image;
    const known = tags.get(repository) ?? new Map<string, string>();
    const config = keep("application/octet-stream", { of: `${repository}:${tag}`, created });
    const manifest = keep(MANIFEST, { schemaVersion: 2, config: { digest: config } });
    // What was attested of a build comes first here, and is no image.
    const statement = keep("application/octet-stream", { created: "2020-01-01T00:00:00Z", tag });
    const attested = keep(MANIFEST, { schemaVersion: 2, config: { digest: statement } });
    const index = keep(INDEX, {
      schemaVersion: 2,
      manifests: [
        { digest: attested, platform: { os: "unknown", architecture: "unknown" } },
        { digest: manifest, platform: { os: "linux", architecture: "arm64" } },
      ],
      ...(annotated && created !== null
        ? { annotations: { "org.opencontainers.image.created": created } }
        : {}),
    });
    tags.set(repository, known.set(tag, index));
    return index;
  }

  function page(repository: string, url: URL): Answer {
    const all = [...(tags.get(repository)?.keys() ?? [])].sort();
    const from = url.searchParams.get("last");
    const rest = from === null ? all : all.filter((tag) => tag > from);
    const given = rest.slice(0, pageSize);
    const last = given.at(-1);
    const link =
      rest.length > given.length && last !== undefined
        ? { link: `</v2/${repository}/tags/list?last=${last}&n=${pageSize}>; rel="next"` }
        : {};
    const body = JSON.stringify({ name: repository, tags: given.length === 0 ? null : given });
    return { status: 200, headers: { "content-type": "application/json", ...link }, body };
  }

  function answer(line: string, request: IncomingMessage): Answer | undefined {
    for (const [part, given] of troubles) if (line.includes(part)) return given;
    const url = new URL(request.url ?? "", "http://registry");
    if (url.pathname === "/token") return { status: 200, body: '{"token":"for-a-while"}' };
    if (request.headers.authorization !== TOKEN) {
      const realm = `http://${registry.name}/token`;
      return {
        status: 401,
        headers: { "www-authenticate": `Bearer realm="${realm}",service="it"` },
      };
    }
    const [, repository = "", kind = "", reference = ""] =
      /^\/v2\/(.+)\/(tags|manifests|blobs)\/(.+)$/.exec(url.pathname) ?? [];
    if (!tags.has(repository)) return { status: 404 };
    if (kind === "tags") return page(repository, url);
    const digest = tags.get(repository)?.get(reference) ?? reference;
    const content = contents.get(digest);
    if (!content) return { status: 404 };
    const headers = { "content-type": content.type, "docker-content-digest": digest };
    return { status: 200, headers, body: request.method === "HEAD" ? "" : content.body };
  }

  const registry = await imitateRegistry(answer);
  return {
    ...registry,
    publish,
    trouble: (part, given) => void (given ? troubles.set(part, given) : troubles.delete(part)),
  };
}
