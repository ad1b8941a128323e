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
import { HostError, UserError } from "../model/errors.ts";
import type { Certificates } from "./certificates.ts";
import { run, succeeds } from "./command.ts";
import { groupName } from "./control-groups.ts";
import { insideNamespace } from "./network.ts";
import { start } from "./power.ts";
import { namespaceFile, type SandboxSettings } from "./settings.ts";

/** What someone needs who puts images into the registry. No credentials: only the user's side can. */
export interface RegistryAccess {
  /** Host and port as in an image reference, e.g. "198.18.77.2". */
  readonly host: string;
  /** Address of its API, e.g. "https://198.18.77.2/v2/". */
  readonly api: string;
  /** File with the certificate authority to trust. */
  readonly authority: string;
  /** Folder with that file as "ca.crt", for skopeo's `--dest-cert-dir` and `--src-cert-dir`. */
  readonly certificateFolder: string;
}

/** How to reach the registry of a sandbox from the user's side. */
export function registryAccess(settings: SandboxSettings): RegistryAccess {
  return {
    host: settings.network.registry,
    api: `https://${settings.network.registry}/v2/`,
    authority: join(settings.folder, "tls", "ca.crt"),
    certificateFolder: join(settings.folder, "registry", "trust"),
  };
}

/**
 * Where the registry keeps an image that a stack calls `reference`.
 * @param reference written in full, e.g. "docker.io/pihole/pihole:2025.04.0"; a digest is ignored
 * @returns e.g. "198.18.77.2/pihole/pihole:2025.04.0"
 * @throws UserError when the reference has no registry or no tag
 */
export function pushTarget(settings: SandboxSettings, reference: string): string {
  const match = /^([a-z0-9.-]+\.[a-z]+)\/([a-z0-9._/-]+):([\w.-]+)(@sha256:[0-9a-f]{64})?$/.exec(
    reference,
  );
  const [, registry, path, tag] = match ?? [];
  if (registry === undefined || path === undefined || tag === undefined) {
    throw new UserError(
      "HL-SANDBOX-IMAGE",
      `"${reference}" is not an image reference in full, e.g. "docker.io/pihole/pihole:2025.04.0"`,
    );
  }
  const library = registry === "docker.io" && !path.includes("/") ? "library/" : "";
  return `${settings.network.registry}/${library}${path}:${tag}`;
}

/**
 * Copies an image into the registry, under the path of its public name.
 * @param source as skopeo writes it, e.g. "oci:/some/folder" or "oci-archive:/some/file.tar"
 * @returns the digest it has there, "sha256:…"
 */
export async function pushImage(
  settings: SandboxSettings,
  source: string,
  reference: string,
): Promise<string> {
  const access = registryAccess(settings);
  const target = `docker://${pushTarget(settings, reference)}`;
  const trust = access.certificateFolder;
  await run(
    ["skopeo", "copy", "--quiet", "--insecure-policy", "--dest-cert-dir", trust].concat([
      ...["--preserve-digests", source, target],
    ]),
    { timeoutSeconds: 900 },
  );
  const { stdout } = await run([
    "skopeo",
    "inspect",
    "--cert-dir",
    trust,
    "--format",
    "{{.Digest}}",
    target,
  ]);
  return stdout.trim();
}

/** Puts the registry's configuration and trust in place. Its images survive. */
export async function prepareRegistry(
  settings: SandboxSettings,
  certificates: Certificates,
): Promise<void> {
  const folder = join(settings.folder, "registry");
  const access = registryAccess(settings);
  await mkdir(join(folder, "images"), { recursive: true });
  await mkdir(access.certificateFolder, { recursive: true });
  await run(["cp", certificates.authority, join(access.certificateFolder, "ca.crt")]);
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
  const { api, authority } = registryAccess(settings);
  return await succeeds([
    "curl",
    "--silent",
    "--fail",
    "--noproxy",
    "*",
    "--cacert",
    authority,
    "--max-time",
    "3",
    api,
  ]);
}

/** There while the registry shall stay away. */
export function registryOffMarker(settings: SandboxSettings): string {
  return join(settings.folder, "registry", "off");
}

/** Takes the registry away or brings it back; the supervisor must be told afterwards. */
export async function wantRegistryOff(settings: SandboxSettings, off: boolean): Promise<void> {
  if (!existsSync(join(settings.folder, "registry"))) {
    throw new HostError("HL-SANDBOX-REGISTRY", "this computer", 'run "homelab sandbox up" first');
  }
  if (off) await writeFile(registryOffMarker(settings), "");
  else await rm(registryOffMarker(settings), { force: true });
}
