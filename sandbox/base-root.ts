// The root file system that all machines share as the lower layer of an overlay. Made once by
// debootstrap from the computer's own package sources and kept in the cache. It is never written to
// afterwards: a library replaced below a running machine would take it down.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { HostError, UserError } from "../model/errors.ts";
import { run } from "../hosts/local-command.ts";
import { endGroup, groupName, insideGroup } from "./control-groups.ts";
import { unmountBelow } from "./mount-table.ts";
import type { SandboxSettings } from "./settings.ts";

/** Debian packages of a machine, beyond debootstrap's minimal set. */
export const MACHINE_PACKAGES = [
  "bind9-dnsutils",
  "ca-certificates",
  "containerd",
  "curl",
  "dbus",
  "fuse3",
  "iproute2",
  "iptables",
  "iputils-ping",
  "libseccomp2",
  "mount",
  "netcat-openbsd",
  "nfs-common",
  "nfs-kernel-server",
  "nodejs",
  "openssh-server",
  "procps",
  "sshfs",
  "systemd",
  "systemd-sysv",
  "tini",
  "tzdata",
] as const;

/** Raise it when the code below makes a different root from the same packages. */
const REVISION = 1;

/** One suite of the computer's own package sources. */
export interface PackageSource {
  /** Address of the mirror. */
  readonly site: string;
  /** e.g. "bookworm" */
  readonly suite: string;
  /** e.g. ["main"] or ["main", "universe"] */
  readonly components: readonly string[];
}

/** Name of the cache entry for a root made of these packages. */
export function baseRootKey(suite: string, packages: readonly string[] = MACHINE_PACKAGES): string {
  const recipe = JSON.stringify({
    revision: REVISION,
    arch: arch(),
    suite,
    packages,
  });
  return `machine-root-${suite}-${createHash("sha256").update(recipe).digest("hex").slice(0, 16)}`;
}

/**
 * The machines' root file system, made when the cache does not have it (about a minute).
 * @returns its folder
 */
export async function ensureBaseRoot(settings: SandboxSettings): Promise<string> {
  const suite = await ownSuite();
  const folder = join(settings.cache, baseRootKey(suite));
  if (existsSync(folder)) return folder;
  await removeUnfinishedRoot(settings);
  const root = unfinishedRoot(settings);
  await mkdir(root, { recursive: true });
  try {
    await bootstrap(settings, root, await ownSource(suite));
    await clean(root);
    await rename(root, folder).catch((error: unknown) => {
      // Another sandbox finished the same root first; theirs is as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await removeUnfinishedRoot(settings);
  }
  return folder;
}

/** A name of the sandbox's own in the shared cache, so that what a kill left can be found again. */
function unfinishedRoot(settings: SandboxSettings): string {
  return join(settings.cache, `unfinished-root-${settings.id}`);
}

/** Ends a debootstrap whose `up` was killed, and removes what it made. */
export async function removeUnfinishedRoot(settings: SandboxSettings): Promise<void> {
  await endGroup(groupName(settings.id, BUILD_GROUP));
  await unmountBelow(unfinishedRoot(settings));
  await rm(unfinishedRoot(settings), { recursive: true, force: true });
}

const BUILD_GROUP = "build";

async function bootstrap(
  settings: SandboxSettings,
  root: string,
  source: PackageSource,
): Promise<void> {
  await run(
    await insideGroup(groupName(settings.id, BUILD_GROUP), [
      "debootstrap",
      "--variant=minbase",
      `--components=${source.components.join(",")}`,
      `--include=${MACHINE_PACKAGES.join(",")}`,
      source.suite,
      root,
      source.site,
    ]),
    { timeoutSeconds: 1800, env: { DEBIAN_FRONTEND: "noninteractive" } },
  );
}

/** Takes out what belongs to one machine only, what needs a way out, and what only takes room. */
async function clean(root: string): Promise<void> {
  const sshKeys = (await readdir(join(root, "etc/ssh")))
    .filter((name) => name.startsWith("ssh_host_"))
    .map((name) => `etc/ssh/${name}`);
  const caches = ["var/cache/apt/archives", "var/lib/apt/lists", "var/log"];
  for (const path of [...sshKeys, ...caches, "etc/apt/sources.list", "etc/hostname"]) {
    await rm(join(root, path), { recursive: true, force: true });
  }
  await mkdir(join(root, "var/log"));
  // Empty and not missing: each machine gets an id of its own at its first boot.
  await writeFile(join(root, "etc/machine-id"), "");
}

async function ownSuite(): Promise<string> {
  const suite = /^VERSION_CODENAME=(.+)$/m.exec(await readFile("/etc/os-release", "utf8"))?.[1];
  if (suite === undefined) {
    throw new UserError(
      "HL-SANDBOX-SYSTEM",
      "the sandbox needs Debian or Ubuntu: /etc/os-release names no VERSION_CODENAME",
    );
  }
  return suite;
}

/** Reads the computer's package sources as apt itself understands them. */
async function ownSource(suite: string): Promise<PackageSource> {
  const { stdout } = await run([
    "apt-get",
    "indextargets",
    "--format",
    "$(SITE) $(RELEASE) $(COMPONENT)",
    "Created-By: Packages",
  ]);
  const source = sourceFrom(stdout, suite);
  if (source !== undefined) return source;
  throw new HostError(
    "HL-SANDBOX-SOURCES",
    "this computer",
    `apt has no package source for "${suite}"; add one below /etc/apt and run apt-get update`,
  );
}

/** Picks the mirror of a suite from lines of "site release component". */
export function sourceFrom(lines: string, suite: string): PackageSource | undefined {
  const wanted = lines
    .split("\n")
    .map((line) => line.trim().split(" "))
    .filter(([, release, component]) => release === suite && KNOWN_COMPONENTS.has(component ?? ""));
  const site = wanted.find(([, , component]) => component === "main")?.[0];
  if (site === undefined) return undefined;
  const components = wanted.filter(([from]) => from === site).map(([, , component]) => component);
  return {
    site,
    suite,
    components: [...new Set(components)].filter((one) => one !== undefined),
  };
}

/** Components that hold free software: Debian's, and Ubuntu's with its community packages. */
const KNOWN_COMPONENTS = new Set(["main", "universe"]);
