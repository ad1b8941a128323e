/** Where an image's manifest is to be had. */
export interface ManifestAddress {
  /** Registry as an image names it, and as docker's config keys its logins, e.g. "ghcr.io". */
  readonly registry: string;
  /** Address of its API without a path, e.g. "https://registry-1.docker.io". */
  readonly origin: string;
  /** Path of the image inside the registry, e.g. "library/redis". */
  readonly repository: string;
  readonly tag: string;
}

/** Docker Hub's images are named docker.io, and its API answers at another name. */
const API_HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/** Reads a full reference, registry/repository:tag; the registry may have a port. */
export function manifestAddress(image: string): ManifestAddress {
  const slash = image.indexOf("/");
  const colon = image.lastIndexOf(":");
  const registry = image.slice(0, slash);
  const host = API_HOSTS[registry] ?? registry;
  return {
    registry,
    // Nobody listens in on this computer; engines make the same exception.
    origin: `${isLoopback(host) ? "http" : "https"}://${host}`,
    repository: image.slice(slash + 1, colon),
    tag: image.slice(colon + 1),
  };
}

/** Whether a host, with or without a port, is this computer. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}
