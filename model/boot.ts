import { PROGRAMS } from "./paths.ts";

/** Name of the unit that starts the containers after a boot. */
export const BOOT_UNIT = "docker-boot-orchestrator.service";

/** Where the program that it runs stands on a host. */
export const BOOT_PROGRAM = `${PROGRAMS}/boot-orchestrator.mjs`;

/**
 * File that every container mounts and that only the boot unit makes. It lies in memory, so it is
 * gone after a reboot or a power cut, and docker.service removes it before it starts: an engine
 * that restarts containers by itself cannot start one of ours before the orchestrator is at work.
 */
export const BOOT_PERMIT = "/run/homelab/boot-permit";

/**
 * A deployment makes it just before it starts the boot unit, and the unit when its program was
 * killed: all is to be taken as it is. The program takes it away when it begins, docker.service
 * before it starts.
 */
export const BOOT_JOIN = "/run/homelab/boot-join";

/** The systemd unit of a mount point, named as systemd demands. */
export function mountUnit(path: string): string {
  const escaped = path.slice(1).replaceAll("-", "\\x2d").replaceAll("/", "-");
  return `${escaped}.mount`;
}
