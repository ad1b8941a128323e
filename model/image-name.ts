// Names of images as an engine says them, in the full form in which they are declared.

/** The registry of names that have none (docs.docker.com/reference/cli/docker/image/tag). */
const DEFAULT_REGISTRY = "docker.io";

/** "redis:7@sha256:…" is "docker.io/library/redis:7@sha256:…". */
export function fullName(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (hasRegistry) return name.replace(/^index\.docker\.io\//, `${DEFAULT_REGISTRY}/`);
  return `${DEFAULT_REGISTRY}/${rest.length === 0 ? "library/" : ""}${name}`;
}

/** Registry and repository of a full name. */
export function repositoryOf(name: string): string {
  const [named = ""] = name.split("@");
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash);
  return colon < 0 ? named : named.slice(0, colon);
}

/** The digest in a name; undefined where it has none. */
export function digestIn(name: string): string | undefined {
  return name.split("@")[1];
}
