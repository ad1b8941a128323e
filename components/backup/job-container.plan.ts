import type { CopyJob, ProtectedData } from "../../model/copy-job.ts";
import { copyVolume } from "../../model/copy-record.ts";
import type { AppService, MountDeclaration, VolumeDeclaration } from "../../model/declaration.ts";
import type { FileDeclaration } from "../../model/declared-files.ts";
import type { HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { jobHealthScript, jobStartScript } from "./job-health.plan.ts";
import { DUMPS, SIDECAR_PATHS, STATE } from "./job-paths.ts";
import { jobScript } from "./job-script.plan.ts";
import type { BackupProgram } from "./program.ts";

/** A night, and an hour for the copy itself. */
const MAX_AGE_HOURS = 25;
/** What a copy has to have of the last ones' size. */
const LEAST_PERCENT = 50;
const KEEP = { daily: 7, weekly: 4, monthly: 12 } as const;
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The container of a job: copies volumes and folders each night. By hand at any time:
 * `docker exec pihole-backup /backup.sh`.
 *
 * crond has the two capabilities it needs to start a job, the job can read files of other users, and
 * the check looks at the last run, not only for a process.
 */
export function jobContainer(
  program: BackupProgram,
  site: Site,
  host: HostName,
  job: CopyJob,
): AppService {
  const scripts = scriptsOf(program, site, job);
  const reach = program.reach(site, host, job);
  const { also } = job;
  return {
    name: job.name,
    stack: job.stack,
    image: program.image.reference,
    entrypoint: ["/bin/sh", "/backup-start.sh"],
    env: { TZ: site.timezone },
    networks: job.networks.map((name) => ({ name })),
    mounts: [
      ...job.data.map(protectedMount),
      ...(job.dumps ? [{ kind: "volume", volume: job.dumps.volume, target: DUMPS } as const] : []),
      { kind: "volume", volume: copyVolume(job.name), target: STATE },
      ...(reach.mounts ?? []),
      ...(also?.mounts ?? []),
    ],
    files: [
      { target: SIDECAR_PATHS.job, content: { kind: "text", text: scripts.job }, mode: "0555" },
      { target: "/backup-health.sh", content: { kind: "text", text: scripts.health } },
      { target: "/backup-start.sh", content: { kind: "text", text: scripts.start } },
      // In this order: in another one the container would be made anew.
      ...(also ? [] : [crontab(job)]),
      ...reach.files,
      ...(also ? [...also.files, crontab(job)] : []),
    ],
    health: {
      test: also
        ? ["CMD-SHELL", `${also.check} && /bin/sh /backup-health.sh`]
        : ["CMD", "/bin/sh", "/backup-health.sh"],
      interval: "60s",
      timeout: "10s",
      retries: 3,
    },
    limits: { memory: job.memory ?? "128MiB", cpus: job.cpus ?? 0.25 },
    capabilities: [...(also?.capabilities ?? []), "DAC_OVERRIDE", "SETGID", "SETUID"],
    hostname: job.name,
    init: true,
    logs: { maxSize: "5MiB", maxFiles: 3 },
    requires: [...(job.requires ?? []), ...(reach.requires ?? [])],
    category: job.category ?? "backup",
    watchUpdates: job.watchUpdates ?? true,
    backup: {
      repository: job.repository,
      schedule: job.schedule,
      protects: [
        ...job.data.map((item) => ("volume" in item ? item.volume : item.source)),
        ...(job.dumps ? [job.dumps.of] : []),
      ],
      ...(job.excludes?.length ? { excludes: job.excludes } : {}),
      keep: KEEP,
      maxAgeHours: job.maxAgeHours ?? MAX_AGE_HOURS,
    },
  };
}

/** The small volume of a job: result of its last run, and what the program keeps there. */
export function jobVolume(
  { name: program, cacheVariable }: BackupProgram,
  { name }: CopyJob,
): VolumeDeclaration {
  return {
    name: copyVolume(name),
    notCopied:
      cacheVariable === undefined
        ? "result of the last run"
        : `result of the last run and ${program}'s cache; made anew`,
  };
}

/** busybox crond takes a crontab only from root. */
function crontab({ schedule, also }: CopyJob): FileDeclaration {
  const lines = [...(also?.crontab ?? []), `${schedule} ${SIDECAR_PATHS.job}`];
  return {
    target: "/etc/crontabs/root",
    content: { kind: "text", text: `${lines.join("\n")}\n` },
    owner: "0:0",
  };
}

function protectedMount(item: ProtectedData): MountDeclaration {
  return "volume" in item
    ? { kind: "volume", volume: item.volume, target: item.target, readOnly: true }
    : { kind: "bind", source: item.source, target: item.target, readOnly: true };
}

function scriptsOf(program: BackupProgram, site: Site, job: CopyJob) {
  const health = {
    state: STATE,
    maxAgeHours: job.maxAgeHours ?? MAX_AGE_HOURS,
    searchPath: SEARCH_PATH,
    startedFile: "/tmp/started",
  };
  return {
    job: jobScript({
      program,
      timezone: site.timezone,
      host: job.name,
      tag: job.tag ?? job.repository,
      paths: job.data.map((item) => item.target),
      excludes: job.excludes ?? [],
      sqlite: job.sqlite ?? [],
      ...(job.dumps ? { dumpFolder: DUMPS } : {}),
      keep: KEEP,
      leastPercent: job.leastPercent ?? LEAST_PERCENT,
      state: STATE,
      searchPath: SEARCH_PATH,
    }),
    health: jobHealthScript(health),
    start: jobStartScript(health),
  };
}
