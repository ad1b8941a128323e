// The image registry of the sandbox: Debian's docker-registry in the hub's namespace. The machines'
// hosts files give it the names of the public registries, and its certificate carries them all, so
// an image is pulled by its public name, really and pinned by digest, without leaving the computer.
//
// It keeps images by path alone, without the registry's name: docker.io/pihole/pihole is the
// repository pihole/pihole, docker.io's library images are library/<name>. Two public registries
// that hold the same path with different content could not both be served; none of ours do.
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HostError } from "../model/errors.ts";
import type { Certificates } from "./certificates.ts";
import { succeeds } from "../hosts/local-command.ts";
import { groupName } from "./control-groups.ts";
import { insideNamespace } from "./network.ts";
import { start } from "./power.ts";
import { namespaceFile, type SandboxSettings } from "./settings.ts";

/** What someone needs who puts images into the registry. No credentials: only the user's side can. */
export interface RegistryAccess {
  /** Address, e.g. "https://198.18.77.2". */
  readonly url: string;
  /** File with the certificate authority to trust. */
  readonly caFile: string;
}

/** How to reach the registry of a sandbox from the user's side. */
export function registryAccess(settings: SandboxSettings): RegistryAccess {
  return {
    url: `https://${settings.network.registry}`,
    caFile: join(settings.folder, "tls", "ca.crt"),
  };
}

/** Puts the registry's configuration and trust in place. Its images survive. */
export async function prepareRegistry(
  settings: SandboxSettings,
  certificates: Certificates,
): Promise<void> {
  const folder = join(settings.folder, "registry");
  await mkdir(join(folder, "images"), { recursive: true });
  await writeFile(
    join(folder, "config.yml"),
    registryConfig(join(folder, "images"), settings.network.registry, certificates),
  );
}

/** Text of the registry's configuration. */
export function registryConfig(
  images: string,
  address: string,
  certificates: Pick<Certificates, "registryCertificate" | "registryKey">,
): string {
  return `version: 0.1
log:
  level: warn
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${images}
  delete:
    enabled: true
http:
  addr: ${address}:443
  tls:
    certificate: ${certificates.registryCertificate}
    key: ${certificates.registryKey}
`;
}

/** Starts the registry; the supervisor calls it. */
export async function startRegistry(settings: SandboxSettings): Promise<ChildProcess> {
  const folder = join(settings.folder, "registry");
  const serve = ["docker-registry", "serve", join(folder, "config.yml")];
  return await start(
    groupName(settings.id, "registry"),
    insideNamespace(namespaceFile(settings, "hub"), serve),
    join(folder, "registry.log"),
  );
}

/** Whether the registry answers. */
export async function registryAnswers(settings: SandboxSettings): Promise<boolean> {
  const { url, caFile } = registryAccess(settings);
  return await succeeds(
    ["curl", "--silent", "--fail", "--noproxy", "*", "--max-time", "3"].concat([
      ...["--cacert", caFile, `${url}/v2/`],
    ]),
  );
}

/** There while the registry shall stay away. */
export function registryOffMarker(settings: SandboxSettings): string {
  return join(settings.folder, "registry", "off");
}

/** Takes the registry away or brings it back, within a second. */
export async function wantRegistryOff(settings: SandboxSettings, off: boolean): Promise<void> {
  if (!existsSync(join(settings.folder, "registry"))) {
    throw new HostError("HL-SANDBOX-REGISTRY", "this computer", 'run "homelab sandbox up" first');
  }
  if (off) await writeFile(registryOffMarker(settings), "");
  else await rm(registryOffMarker(settings), { force: true });
}
