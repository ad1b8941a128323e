/**
 * Keys of a service that the Compose Specification has (compose-spec 170098b of 2026-06-23,
 * schema/compose-spec.json) and a declaration has nothing for, with what happens without them.
 */
export const OTHER_SERVICE_KEYS: Readonly<Record<string, string>> = {
  annotations: "nothing here reads them",
  attach: "it is about the terminal of `docker compose up`",
  blkio_config: "there is no share of disks; watch whether others suffer",
  cgroup: "containers keep the engine's own control groups",
  cgroup_parent: "containers keep the engine's own control groups",
  cpu_count: "processors are limited by `limits.cpus`",
  cpu_percent: "processors are limited by `limits.cpus`",
  cpu_period: "processors are limited by `limits.cpus`",
  cpu_quota: "processors are limited by `limits.cpus`",
  cpu_rt_period: "processors are limited by `limits.cpus`",
  cpu_rt_runtime: "processors are limited by `limits.cpus`",
  cpu_shares: "processors are limited by `limits.cpus`",
  cpuset: "processors are limited by `limits.cpus`, and none is set apart",
  credential_spec: "it is for Windows",
  develop: "it is for `docker compose watch`",
  device_cgroup_rules: "devices are named one by one in `devices`",
  dns: "containers ask the engine's resolver, which asks that of the host",
  dns_opt: "containers ask the engine's resolver, which asks that of the host",
  dns_search: "containers ask the engine's resolver, which asks that of the host",
  domainname: "give the whole name in `hostname`",
  external_links: "services find each other by name on a network that they share",
  gpus: "only devices with a path can be passed in; add e.g. /dev/dri to `devices`",
  ipc: "each container has shared memory of its own; `sharedMemory` says how much",
  isolation: "it is for Windows",
  label_file: "labels of a container are the program's own",
  mac_address: "addresses are the engine's",
  mem_reservation: "memory has one limit",
  mem_swappiness: "swap is never used on top of the memory",
  memswap_limit: "swap is never used on top of the memory",
  models: "there is no such service here",
  oom_kill_disable: "what needs more than its limit is ended, and started again",
  oom_score_adj: "what needs more than its limit is ended, and started again",
  pids_limit: "processes are not counted",
  platform: "the host's own is used",
  post_start: "put it into the start of the program",
  pre_stop: "the engine asks the program to end, and waits `stopGrace`",
  provider: "it is a program of the computer that runs Compose",
  pull_policy: "images are pulled by digest when they are missing",
  pull_refresh_after: "images are pulled by digest when they are missing",
  runtime: "the engine's own is used",
  security_opt: "each container has no new privileges, and the engine's own profiles",
  stdin_open: "nobody is at its terminal",
  stop_signal: "the signal that the image names is sent",
  storage_opt: "the root file system has the engine's size",
  sysctls: "kernel settings are the host's",
  tty: "nobody is at its terminal",
  ulimits: "the engine's own are used",
  use_api_socket: "mount the engine's socket where a service has to have it",
  userns_mode: "users of containers are those of the host",
  uts: "each container has a name of its own",
  volumes_from: "name the volumes of the other service in `mounts`",
  working_dir: "the image's own is used; put a `cd` into the command if it matters",
};

/** Keys of the top level beside services, volumes, networks, secrets, configs and name. */
export const OTHER_FILE_KEYS: Readonly<Record<string, string>> = {
  include: "one file is read; import the files that it names by themselves",
  models: "there is no such service here",
};

/** Keys that Compose itself no longer reads. */
export const OBSOLETE_FILE_KEYS: readonly string[] = ["version"];

/** The known word that is nearest to one that is not, for a hint at a typing mistake. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, away: distance(word, candidate) }))
    .sort((a, b) => a.away - b.away);
  const [best] = ranked;
  return best && best.away <= Math.max(1, Math.floor(word.length / 4)) ? best.candidate : undefined;
}

/** How many letters have to be put in, taken out or changed. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
