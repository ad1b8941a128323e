// The files that make the common root file system one particular machine. They are put into the
// machine's own layer once, when it is made; from then on they are the machine's.
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasRole } from "../model/host-names.ts";
import { NEIGHBOURS, SANDBOX_DOMAIN, type MachineName, type SandboxNetwork } from "./addresses.ts";
import { REGISTRY_NAMES } from "./certificates.ts";
import {
  EXPORT_KEY_PATH,
  EXPORT_KNOWN_HOSTS_PATH,
  exportClientFiles,
  exportKeyLine,
  EXPORTS,
  exportServerFiles,
} from "./exports.ts";
import type { MachineFile } from "./machine-file.ts";
import { knownHosts, type SandboxKeys } from "./ssh.ts";

/** Folder inside a machine where the engine's programs are seen. */
export const PROGRAM_FOLDER = "/usr/local/lib/engine";

/** Programs linked from there into the machine's PATH. */
export const ENGINE_PROGRAMS = ["docker", "dockerd", "docker-proxy", "runc"] as const;

/** Programs of the mesh, in the same folder, seen where their package puts them. */
export const MESH_PROGRAMS = { tailscale: "/usr/bin", tailscaled: "/usr/sbin" } as const;

/** Sites of the coordinator that a node needs to join: the coordinator and the relay. */
const MESH_NAMES = ["hs", "derp"].map((site) => `${site}.${SANDBOX_DOMAIN}`);

/** Every file of one machine. */
export async function machineFiles(
  machine: MachineName,
  network: SandboxNetwork,
  keys: SandboxKeys,
  authority: string,
): Promise<MachineFile[]> {
  const trusted = await readFile(authority, "utf8");
  const files: MachineFile[] = [
    { path: "/etc/hostname", content: `${machine}\n` },
    { path: "/etc/hosts", content: hostsText(machine, network) },
    // No name server: a name that is not in the hosts file fails at once instead of after a wait.
    {
      path: "/etc/resolv.conf",
      content: "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
    },
    // Every login looks for it and complains when it is missing.
    { path: "/etc/default/locale", content: "LANG=C.UTF-8\n" },
    { path: "/etc/ssh/sshd_config.d/sandbox.conf", content: SSHD_CONFIG },
    {
      path: "/etc/ssh/ssh_host_ed25519_key",
      content: await readFile(keys.hosts[machine].file, "utf8"),
      mode: 0o600,
    },
    {
      path: "/root/.ssh/authorized_keys",
      content: authorizedKeys(machine, keys),
      mode: 0o600,
    },
    // The sandbox's authority is the only one there is: nothing else can be reached anyway. In both
    // places, for who trusts another one makes the first file anew from what stands in the second.
    ...["/etc/ssl/certs/ca-certificates.crt", "/usr/local/share/ca-certificates/sandbox.crt"].map(
      (path) => ({ path, content: trusted }),
    ),
    {
      path: "/usr/local/sbin/writable-control-groups",
      content: WRITABLE_GROUPS,
      mode: 0o755,
    },
    {
      path: "/etc/systemd/system/writable-control-groups.service",
      content: WRITABLE_GROUPS_UNIT,
    },
    { path: "/etc/systemd/system/docker.service", content: DOCKER_UNIT },
    { path: "/etc/systemd/system/tailscaled.service", content: TAILSCALED_UNIT },
    { path: "/etc/sysusers.d/sandbox.conf", content: GROUPS },
  ];
  if (machine === EXPORTS?.client) {
    const exportsKey = await readFile(keys.exports.file, "utf8");
    files.push(
      { path: EXPORT_KEY_PATH, content: exportsKey, mode: 0o600 },
      {
        path: EXPORT_KNOWN_HOSTS_PATH,
        content: knownHosts(NEIGHBOURS, network, keys.hosts),
      },
      ...exportClientFiles(),
    );
  }
  if (machine === EXPORTS?.server) files.push(...exportServerFiles(keys.exports.publicKey));
  return files;
}

/** Folders that exist on a machine from the start. */
export function machineFolders(): string[] {
  // With /var/log/journal the log of one boot can still be read in the next.
  return ["/var/log/journal", "/etc/docker"];
}

/** Links of a machine: where, and what they point at. */
export function machineLinks(): [path: string, target: string][] {
  const programs = ENGINE_PROGRAMS.map((name): [string, string] => [
    `/usr/local/bin/${name}`,
    `${PROGRAM_FOLDER}/${name}`,
  ]);
  const mesh = Object.entries(MESH_PROGRAMS).map(([name, folder]): [string, string] => [
    `${folder}/${name}`,
    `${PROGRAM_FOLDER}/${name}`,
  ]);
  const wanted = "/etc/systemd/system/multi-user.target.wants";
  return [
    ...programs,
    ...mesh,
    // The init process of containers that ask for one; the engine looks for it under this name.
    ["/usr/local/bin/docker-init", "/usr/bin/tini-static"],
    // Debian's service looks for runc beside its own packages.
    ["/usr/sbin/runc", `${PROGRAM_FOLDER}/runc`],
    [`${wanted}/docker.service`, "/etc/systemd/system/docker.service"],
    [`${wanted}/tailscaled.service`, "/etc/systemd/system/tailscaled.service"],
    ...USELESS_UNITS.map((unit): [string, string] => [`/etc/systemd/system/${unit}`, "/dev/null"]),
  ];
}

/** Writes a machine's files, folders and links below `layer`. */
export async function writeMachineFiles(
  layer: string,
  files: readonly MachineFile[],
): Promise<void> {
  for (const folder of machineFolders()) {
    await mkdir(join(layer, folder), { recursive: true });
  }
  for (const { path, content, mode } of files) {
    await mkdir(dirname(join(layer, path)), { recursive: true });
    await writeFile(join(layer, path), content);
    await chmod(join(layer, path), mode ?? 0o644);
  }
  for (const [path, target] of machineLinks()) {
    await mkdir(dirname(join(layer, path)), { recursive: true });
    await symlink(target, join(layer, path));
  }
  // A folder of the upper layer hides the mode of the one below; these two must stay private.
  await chmod(join(layer, "/root"), 0o700);
  await chmod(join(layer, "/root/.ssh"), 0o700);
}

/** Text of a machine's hosts file: itself, its neighbours, and the registry under every name. */
export function hostsText(machine: MachineName, network: SandboxNetwork): string {
  // No name server is asked before the mesh is joined, so its public names stand here.
  const names = (name: MachineName) =>
    hasRole(name, "coordinator") ? [name, ...MESH_NAMES] : [name];
  // Who others do not rely on stands in its own file alone: a further host changes no machine.
  const known = NEIGHBOURS.includes(machine) ? NEIGHBOURS : [...NEIGHBOURS, machine];
  const neighbours = known.map((name) => `${network.machines[name]} ${names(name).join(" ")}`);
  return `${[
    "127.0.0.1 localhost",
    "::1 localhost",
    ...neighbours,
    `${network.registry} ${REGISTRY_NAMES.join(" ")}`,
  ].join("\n")}\n# This machine is ${machine}.\n`;
}

/** Who may log in: the user, and on the storage who mounts it, who may move files and nothing else. */
export function authorizedKeys(
  machine: MachineName,
  keys: {
    readonly user: { readonly publicKey: string };
    readonly exports: { readonly publicKey: string };
  },
): string {
  const lines = [keys.user.publicKey];
  if (machine === EXPORTS?.server) lines.push(exportKeyLine(keys.exports.publicKey));
  return `${lines.join("\n")}\n`;
}

const SSHD_CONFIG = `HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
PrintMotd no
`;

const WRITABLE_GROUPS = `#!/bin/sh
# The machine sees its control groups read-only; the engine must make groups below them. "bind"
# changes this mount alone: the hierarchy itself is the computer's and refuses a remount.
while read -r _ point type _; do
  case "$type" in cgroup | cgroup2) mount -o remount,bind,rw "$point" || exit 1 ;; esac
done </proc/self/mounts
`;

const WRITABLE_GROUPS_UNIT = `[Unit]
Description=Control groups that the engine can write to
DefaultDependencies=no

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/writable-control-groups
`;

/**
 * The engine keeps images in its own store and not in containerd's: with thirty images on one base,
 * listing them took 3.4 s there and 0.02 s here, and the Docker provider lists them for every image
 * and every container.
 */
const DOCKER_UNIT = `[Unit]
Description=Docker engine
After=network-online.target containerd.service writable-control-groups.service
Wants=network-online.target containerd.service
Requires=writable-control-groups.service

[Service]
Type=notify
ExecStart=/usr/local/bin/dockerd --host=unix:///run/docker.sock --containerd=/run/containerd/containerd.sock --feature=containerd-snapshotter=false
ExecReload=/bin/kill -s HUP $MAINPID
TimeoutStartSec=0
Restart=always
RestartSec=2
LimitNOFILE=1048576
TasksMax=infinity
Delegate=yes
KillMode=process
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
`;

/**
 * As the unit of Debian's package, with its log uploads off. The machine has no way out anyway: it
 * knows no relay but those that the homelab's own coordinator names.
 */
const TAILSCALED_UNIT = `[Unit]
Description=Node of the mesh
After=network-pre.target
Wants=network-pre.target

[Service]
Type=notify
Environment=TS_NO_LOGS_NO_SUPPORT=true
ExecStart=/usr/sbin/tailscaled --no-logs-no-support --state=/var/lib/tailscale/tailscaled.state --socket=/run/tailscale/tailscaled.sock --port=41641
ExecStopPost=/usr/sbin/tailscaled --cleanup
Restart=on-failure
RuntimeDirectory=tailscale
StateDirectory=tailscale
StateDirectoryMode=0700

[Install]
WantedBy=multi-user.target
`;

/** Numbers as on the homelab's Docker VM, where containers join "render" to reach the GPU. */
const GROUPS = `g docker -
g render 992
g video 44
`;

/** Units that wait for, or work on, something the machine does not have. */
const USELESS_UNITS = [
  "apt-daily.timer",
  "apt-daily-upgrade.timer",
  "console-getty.service",
  "e2scrub_all.timer",
  "e2scrub_reap.service",
  "fstrim.timer",
  "getty@tty1.service",
  "nfs-blkmap.service",
  "nfs-server.service",
  "proc-fs-nfsd.mount",
  "run-rpc_pipefs.mount",
  "systemd-pstore.service",
] as const;
