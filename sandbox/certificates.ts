// A certificate authority that only the sandbox's machines trust, and the registry's certificate.
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../hosts/local-command.ts";
import type { SandboxSettings } from "./settings.ts";

/** Names under which images are asked for; the sandbox's registry answers for all of them. */
export const REGISTRY_NAMES = [
  "registry-1.docker.io",
  "auth.docker.io",
  "index.docker.io",
  "docker.io",
  "ghcr.io",
  "lscr.io",
  "gcr.io",
  "codeberg.org",
  "quay.io",
  "registry.sandbox",
] as const;

/** Files of the sandbox's certificates. */
export interface Certificates {
  /** The authority's certificate. */
  readonly authority: string;
  readonly registryCertificate: string;
  readonly registryKey: string;
}

/** Days a certificate is valid; a sandbox does not live that long. */
const DAYS = "825";

/** Makes the certificates that are missing. */
export async function ensureCertificates(settings: SandboxSettings): Promise<Certificates> {
  const folder = join(settings.folder, "tls");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = join(folder, "ca.crt");
  const authorityKey = join(folder, "ca.key");
  const registryCertificate = join(folder, "registry.crt");
  const registryKey = join(folder, "registry.key");
  if (!existsSync(authority)) await makeAuthority(authority, authorityKey);
  const names = [...REGISTRY_NAMES.map((name) => `DNS:${name}`), `IP:${settings.network.registry}`];
  const namesFile = join(folder, "registry.names");
  const extensions = `subjectAltName=${names.join(",")}\nextendedKeyUsage=serverAuth\n`;
  const made =
    existsSync(registryCertificate) && (await readFile(namesFile, "utf8").catch(() => ""));
  if (made !== extensions) {
    await rm(registryCertificate, { force: true });
    await writeFile(namesFile, extensions);
    const request = join(folder, "registry.csr");
    await run(
      ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"].concat([
        ...["-nodes", "-keyout", registryKey, "-out", request],
        ...["-subj", "/CN=homelab sandbox registry"],
      ]),
    );
    await run(
      ["openssl", "x509", "-req", "-in", request, "-days", DAYS, "-CAcreateserial"].concat([
        ...["-CA", authority, "-CAkey", authorityKey],
        ...["-extfile", namesFile, "-out", registryCertificate],
      ]),
    );
  }
  return { authority, registryCertificate, registryKey };
}

async function makeAuthority(certificate: string, key: string): Promise<void> {
  const unfinished = `${certificate}.new`;
  await run(
    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"].concat([
      ...["-nodes", "-keyout", key, "-out", unfinished, "-days", DAYS],
      ...["-subj", "/CN=homelab sandbox authority", "-addext", "basicConstraints=critical,CA:TRUE"],
    ]),
  );
  await run(["mv", unfinished, certificate]);
}
