import type { HostDeclaration } from "../../../model/declaration.ts";

/** Docker Hub answers pulls under another name than its images have. */
const HUB = { name: "docker.io", host: "registry-1.docker.io" } as const;

/** The registries that a host's images come from, in the order of the alphabet. */
export function registriesOf({ services }: HostDeclaration): string[] {
  return [...new Set(services.map(({ image }) => registryIn(image)))].sort();
}

/** The host that a registry's images are pulled from. */
export function registryHost(registry: string): string {
  return registry === HUB.name ? HUB.host : registry;
}

function registryIn(image: string): string {
  return image.split("/")[0] ?? "";
}
