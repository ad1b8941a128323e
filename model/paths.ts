/** Everything this program keeps on a host is below this folder. */
export const ROOT = "/opt/homelab";

/** Folder of the files (configuration and secrets) of one service. */
export function filesFolder(service: string): string {
  return `${ROOT}/files/${service}`;
}

/** Where a file of a service stands on the host. */
export function filePath(service: string, file: { readonly target: string }): string {
  return `${filesFolder(service)}/${file.target.slice(1).replaceAll("/", "_")}`;
}

/** Record of what was put into a service's folder, read to notice a change made by hand. */
export function filesRecord(service: string): string {
  return `${ROOT}/state/files/${service}`;
}

/** Name of the host plan's resource, and of the record that it was written. */
export const PLAN_RECORD = "host-plan";

/** Record of what starts the host at boot: program, unit, drop-in, and the unit being enabled. */
export const BOOT_RECORD = "boot-orchestrator";

/**
 * Script that looks whether what was made of a record's files still is, and fails when it is not.
 * The observation runs it. For programs that keep their settings where no checksum reaches.
 */
export function lookScriptPath(record: string): string {
  return `${ROOT}/state/looks/${record}`;
}

/** Record of the container id that last came to the health gate; the first thing that a gate writes. */
export function gateRecord(service: string): string {
  return `${ROOT}/state/gates/${service}`;
}

/** Record of which images wrote the data of a service, and of the copies made before each change. */
export function dataRecord(service: string): string {
  return `${ROOT}/state/data/${service}`;
}

/** What came of the last time that a job's newest copy was restored to be compared, as JSON. */
export function verifiedRecord(sidecar: string): string {
  return `${ROOT}/state/verified/${sidecar}`;
}

/** What was put back when a whole host was: a line for each volume, folder and database. */
export function restoredRecord(sidecar: string): string {
  return `${ROOT}/state/restored/${sidecar}`;
}

/** Names of the containers that were stopped while a whole host is put back; gone at its end. */
export const STOPPED_FOR_RESTORE = `${ROOT}/state/stopped-for-restore`;

/** Record of the last wait for a gate of the host: its token, and whether the gate was open at its end. */
export function conditionRecord(gate: string): string {
  return `${ROOT}/state/conditions/${gate}`;
}

/** The host plan: what should run on the host, and in which order. */
export function desiredPlan(host: string): string {
  return `${ROOT}/desired/${host}.json`;
}

/** What became of the host's services since its boot, see boot-record.ts. */
export const BOOT_RECORD_FILE = `${ROOT}/state/boot.json`;

/** Says that somebody works on the host, see maintenance.ts. */
export const MAINTENANCE = `${ROOT}/state/maintenance.json`;

/**
 * Folder of what the host needs to put back by itself what a deployment replaces, see fallback.ts.
 * Root's alone: what a container was made from has its environment.
 */
export const FALLBACK = `${ROOT}/fallback`;

/** Says which services the host puts back when nobody confirms the deployment, and when. */
export const ARMED = `${FALLBACK}/armed.json`;

/** What the host last did about a service by itself: one line, see fallback.ts. */
export function putBackRecord(service: string): string {
  return `${ROOT}/state/put-back/${service}`;
}

/**
 * There while a deployment of the host is under way, which then says what runs; the same text as its
 * lock, which says who deploys. Lies in memory, so no boot finds it.
 */
export const DEPLOYING = "/run/homelab/deploying";

/**
 * A mark that was renewed longer ago was left by a deployment that was cut off. By then its Pulumi,
 * which outlives it, has ended too.
 */
export const DEPLOYING_LIMIT_SECONDS = 900;

/** The same for an empty mark, as versions before 2026-11-26 make it, and seldom renew it. */
export const NAMELESS_DEPLOYING_LIMIT_SECONDS = 3600;

/**
 * Folder of the deployer's small files below a root.
 * @param root @default ROOT
 */
export function deployState(root: string = ROOT): string {
  return `${root}/state/deploy`;
}

/** What each deployment left on the host, see deploy/staged/receipt.ts. */
export const RECEIPTS = `${deployState()}/receipts`;

/**
 * Folder of the logs of deployments, a file for each.
 * @param root @default ROOT
 */
export function deployLogs(root: string = ROOT): string {
  return `${root}/logs/deploy`;
}

/**
 * Says that the host is held at an earlier deployment: JSON with `commit` and `by`.
 * @param root @default ROOT
 */
export function heldRecord(root: string = ROOT): string {
  return `${deployState(root)}/held.json`;
}

/** Settings of what the boot program tells the Observer; absent where it tells nothing. */
export const OBSERVER_SETTINGS = "/etc/homelab/observer.json";

/** What the boot program told of the Observer's host being away, while that is not over. */
export const AWAY_RECORD = `${ROOT}/state/told-away`;

/** Settings of what the boot program fetches from the Executor; absent where it fetches nothing. */
export const ACTOR_SETTINGS = "/etc/homelab/actor.json";

/**
 * Where a host keeps which orders were used, and the audit of what it did. Root's alone: on the VPS,
 * what lies beside it is written by containers.
 */
export const ACTOR_ROOT = `${ROOT}/actor`;

/** Folder of the systemd units that this project installs on a host. */
export const UNITS = "/etc/systemd/system";

/** Folder of the programs that this project installs on a host. */
export const PROGRAMS = `${ROOT}/bin`;

/** Record of the host's last enrolment in the mesh: its token and where it logged in. */
export function meshRecord(): string {
  return `${ROOT}/state/mesh`;
}

/** How many connections to one host are shared at most, see components/core/ssh/shared.conf. */
const SHARED_CONNECTIONS = 9;

/**
 * The sockets of the shared connections on the computer that deploys, as ssh's `ControlPath` takes
 * them: short enough for a socket wherever the user's home is, and in a folder of the user's own.
 */
export const CONTROL_PATHS: readonly string[] = Array.from(
  { length: SHARED_CONNECTIONS },
  (_, connection) => `/tmp/homelab-%i/%C.${connection}`,
);
