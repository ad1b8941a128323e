// Programs the sandbox needs on the computer itself, installed when they are missing.
import { access } from "node:fs/promises";
import { constants } from "node:fs";
import { join } from "node:path";
import { run } from "../hosts/local-command.ts";

/** Program and the Debian package that brings it. */
const NEEDED: Readonly<Record<string, string>> = {
  "docker-registry": "docker-registry",
  debootstrap: "debootstrap",
  curl: "curl",
  gcc: "gcc",
  ip: "iproute2",
  mknod: "coreutils",
  nsenter: "util-linux",
  openssl: "openssl",
  ssh: "openssh-client",
  "pkg-config": "pkg-config",
  "systemd-nspawn": "systemd-container",
  zstd: "zstd",
};

/** Folders searched for programs; root's own PATH may lack the sbin ones. */
const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Packages whose program is not there. */
export async function missingPackages(): Promise<string[]> {
  const missing: string[] = [];
  for (const [program, name] of Object.entries(NEEDED)) {
    if ((await findProgram(program)) === undefined) missing.push(name);
  }
  // runc, where the toolchain builds it, is compiled against this library.
  if (!(await isReadable("/usr/include/seccomp.h"))) missing.push("libseccomp-dev");
  return missing;
}

/**
 * Installs packages with apt-get. A service that one of them brings is neither started nor enabled:
 * the sandbox runs what it needs itself.
 */
export async function installPackages(names: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive", SYSTEMD_OFFLINE: "1" };
  const waiting = ["--option", "DPkg::Lock::Timeout=300"];
  // An installation that was killed half way is finished first; dpkg refuses anything else.
  await run(["dpkg", "--configure", "-a"], { env, timeoutSeconds: 600 });
  await run(["apt-get", ...waiting, "update"], { env, timeoutSeconds: 600 });
  await run(["apt-get", ...waiting, "install", "--yes", "--no-install-recommends", ...names], {
    env,
    timeoutSeconds: 1800,
  });
  if (names.includes("docker-registry")) {
    await run(["systemctl", "disable", "--quiet", "docker-registry.service"], {
      env,
      okCodes: [0, 1],
    });
  }
}

/** Full path of a program, or undefined. */
export async function findProgram(
  name: string,
  folders: readonly string[] = FOLDERS,
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return isAccessible(path, constants.X_OK);
}

function isReadable(path: string): Promise<boolean> {
  return isAccessible(path, constants.R_OK);
}

async function isAccessible(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
