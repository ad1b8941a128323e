import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { HostName } from "../../../model/host-names.ts";
import { groupName, processesIn } from "../../../sandbox/control-groups.ts";
import { on, tryOn, type Lab } from "./lab.ts";

const run = promisify(execFile);
const EXPORTER = "prometheus-node-exporter";
const UNIT = "trial-node-exporter";

/** A disk of a machine that has room for little. */
export interface SmallDisk {
  readonly path: string;
  /** Leaves so much of it free, in percent. */
  fill(freePercent: number): Promise<void>;
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/** Puts a file system of its own into a machine: its size is what imitates a disk that is full. */
export async function smallDisk(lab: Lab, host: HostName, path: string): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), "small-disk-"));
  const image = join(folder, "image");
  await run("truncate", ["-s", "32M", image]);
  await run("mkfs.ext4", ["-q", "-m", "0", image]);
  const { stdout } = await run("losetup", ["--find", "--show", image]);
  const loop = stdout.trim();
  // The machine itself may open no device of the computer.
  const inside = async (script: string) =>
    run("nsenter", [
      "--target",
      `${await firstProcess(lab, host)}`,
      "--mount",
      "sh",
      "-ec",
      script,
    ]);
  await inside(`mkdir -p ${path}
mknod ${path}.device b 7 ${loop.replace("/dev/loop", "")}
mount -t ext4 ${path}.device ${path}`);
  return {
    path,
    fill: async (freePercent) => {
      await on(
        lab,
        host,
        `set -- $(df --output=avail -k ${path} | tail -n 1); head -c $(($1 * (100 - ${freePercent}) / 100))k /dev/zero >${path}/filling`,
      );
    },
    empty: async () => void (await on(lab, host, `rm -f ${path}/filling`)),
    remove: async () => {
      await inside(`umount ${path}; rm -f ${path}.device; rmdir ${path}`).catch(() => undefined);
      await run("losetup", ["--detach", loop]);
      await rm(folder, { recursive: true });
    },
  };
}

/** The machine's own first process, as this computer counts. */
async function firstProcess({ settings }: Lab, host: HostName): Promise<number> {
  for (const id of await processesIn(groupName(settings.id, host))) {
    const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
    if (/^NSpid:\t\d+\t1$/m.test(status)) return id;
  }
  throw new Error(`the machine ${host} does not run`);
}

/**
 * Debian's node exporter on a machine, which tells of that disk alone: at home it is a package of the
 * host, and what this computer's own disks have left is no matter.
 * @returns ends it
 */
export async function exporterOf(
  lab: Lab,
  host: HostName,
  path: string,
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "exporter-"));
  await run("apt-get", ["download", EXPORTER], { cwd: folder }).catch(async () => {
    await run("apt-get", ["update"]);
    await run("apt-get", ["download", EXPORTER], { cwd: folder });
  });
  await run("sh", ["-c", `dpkg -x ${EXPORTER}_*.deb .`], { cwd: folder });
  const program = `/opt/${UNIT}`;
  const config = lab.env["HOMELAB_SSH_CONFIG"] ?? "";
  await run("scp", ["-q", "-F", config, join(folder, "usr/bin", EXPORTER), `${host}:${program}`]);
  await rm(folder, { recursive: true });
  const others = `^/$|^/[^${path[1]}]`;
  await on(
    lab,
    host,
    `systemd-run --quiet --unit ${UNIT} ${program} --collector.disable-defaults --collector.filesystem --collector.filesystem.mount-points-exclude='${others}'`,
  );
  return async () => void (await tryOn(lab, host, `systemctl stop ${UNIT}; rm -f ${program}`));
}
