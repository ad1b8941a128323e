// One program from its start to its end: healthy, asked, stopped.
import { setTimeout as sleep } from "node:timers/promises";
import { HostError } from "../../model/errors.ts";
import type { ConformanceRun } from "../../model/conformance-run.ts";
import { quote } from "../../model/shell-text.ts";
import { stopSeconds } from "../../model/stop-time.ts";
import { toMebibytes, toSeconds } from "../../model/units.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import type { Declared } from "./declared.ts";
import { faultOf, inspected, secondsToHealthy, type Stopped } from "./inspected.ts";
import { madeUpSecrets } from "./made-up-secrets.ts";
import { onHost, tryOnHost } from "./machine.ts";
import type { RealProgram } from "./real-program.ts";

/** Folder of Compose and its file on each machine. */
export const FOLDER = "/root/homelab-conformance";
const COMPOSE = `${FOLDER}/docker-compose --progress quiet --file ${FOLDER}/compose.yaml`;

/** Longest that a program and what it requires may take to become healthy, where it declares less. */
const LEAST_DEADLINE_SECONDS = 300;

/**
 * Starts the service as it is declared, asks it, stops it.
 * @param today e.g. "2026-11-27"
 * @throws HostError when it does not become healthy, answers wrongly, is killed, or ends too late
 */
export async function measure(
  settings: SandboxSettings,
  declared: Declared,
  program: RealProgram,
  today: string,
): Promise<ConformanceRun> {
  const { host, service } = declared;
  const { name } = service;
  const at = host.host;
  await startOthers(settings, declared, program);
  await onHost(settings, at, `${COMPOSE} up --detach --no-deps --force-recreate ${name}`);
  const healthySeconds = await untilHealthy(settings, declared);
  const version = await onHost(
    settings,
    at,
    `docker exec ${name} ${program.version.map(quote).join(" ")} 2>&1`,
  );
  await ask(settings, declared, program);
  const peak = await onHost(settings, at, `${PEAK}\npeak ${name}`);
  const stopped = await stop(settings, declared);
  const fault = faultOf(stopped, stopSeconds(service));
  if (fault !== undefined) throw new HostError("HL-BENCH", at, `${name} ${fault}`);
  return {
    service: `${at}/${name}`,
    image: service.image,
    version: versionIn(version),
    from: program.from,
    asked: program.question,
    healthySeconds,
    stoppedSeconds: stopped.seconds,
    stopLimitSeconds: stopSeconds(service),
    exitCode: stopped.exitCode,
    peakMebibytes: Math.round(Number(peak) / 2 ** 20),
    limitMebibytes: toMebibytes(service.limits.memory),
    date: today,
  };
}

/** The number in what a program says of itself. @throws Error when there is none */
export function versionIn(said: string): string {
  const [version] = /\d+(\.\d+)+([-.+~]?(alpha|beta|rc|p)\d+)?/.exec(said) ?? [];
  if (version === undefined) throw new Error(`no version is in what it says: ${said}`);
  return version;
}

/** What it cannot be without, and what its question needs. */
async function startOthers(
  settings: SandboxSettings,
  { host, service }: Declared,
  { beside = [] }: RealProgram,
): Promise<void> {
  const required = (service.requires ?? [])
    .filter(
      ({ on, strength }) => strength === "hard" && host.services.some((one) => one.name === on),
    )
    .map(({ on }) => on);
  const others = [...new Set([...required, ...beside])];
  if (others.length === 0) return;
  await onHost(settings, host.host, `${COMPOSE} up --detach --wait ${others.join(" ")}`);
}

/** Waits for the declared check. @returns seconds since the start of the container */
async function untilHealthy(
  settings: SandboxSettings,
  { host, service: { name, health } }: Declared,
): Promise<number> {
  const deadline = Math.max(toSeconds(health.deadline ?? "3m"), LEAST_DEADLINE_SECONDS);
  const script = `for _ in $(seq ${deadline * 2}); do
  status=$(docker inspect --format '{{.State.Health.Status}} {{.RestartCount}}' ${name})
  case $status in
    "healthy 0") docker inspect --format '{{json .State}}' ${name}; exit 0 ;;
    *" 0") sleep 0.5 ;;
    *) echo "ended by itself"; break ;;
  esac
done
echo "not healthy: $status"
docker inspect --format '{{range .State.Health.Log}}{{.ExitCode}} {{.Output}}{{println}}{{end}}' ${name} | tail -n 3
docker logs --tail 25 ${name} 2>&1
exit 1`;
  return secondsToHealthy(await onHost(settings, host.host, script));
}

/** The script from a file: what it starts would read the rest of it from the standard input. */
function fromFile(script: string): string {
  return `cat > ${FOLDER}/ask.sh <<'ASKED'\n${script}\nASKED\nsh ${FOLDER}/ask.sh < /dev/null`;
}

/** Asks until the answer is right. @throws HostError with the last answer */
async function ask(
  settings: SandboxSettings,
  { host, service: { name } }: Declared,
  { ask, right, secrets = {}, withinSeconds = 60 }: RealProgram,
): Promise<void> {
  const secretOf = madeUpSecrets(settings);
  const script = `name=${name}
${Object.entries(secrets)
  .map(([variable, secret]) => `export ${variable}=${quote(secretOf(secret))}`)
  .join("\n")}
address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$name" | cut -d ' ' -f 1)
in_it() { docker exec -i "$name" "$@"; }
${ask}`;
  const deadline = Date.now() + withinSeconds * 1000;
  for (;;) {
    const { stdout, stderr } = await tryOnHost(settings, host.host, fromFile(script));
    if (right(stdout)) return;
    if (Date.now() > deadline) {
      const said = `${stdout}\n${stderr}`.trim().slice(-2000);
      throw new HostError("HL-BENCH", host.host, `${name} did not answer as it should:\n${said}`);
    }
    await sleep(2000);
  }
}

async function stop(settings: SandboxSettings, { host, service }: Declared): Promise<Stopped> {
  const { name } = service;
  const said = await onHost(
    settings,
    host.host,
    `start=$(date +%s%N)
docker stop ${name} > /dev/null
echo $(( ($(date +%s%N) - start) / 100000000 ))
docker inspect --format '{{json .}}' ${name}`,
  );
  const [tenths = "", ...rest] = said.split("\n");
  return { seconds: Number(tenths) / 10, ...inspected(rest.join("\n")) };
}

/** The most that the container had, page cache and all, as the kernel's control groups say. */
const PEAK = `peak() {
  id=$(docker inspect --format '{{.Id}}' "$1")
  for file in memory/docker/$id/memory.max_usage_in_bytes docker/$id/memory.peak system.slice/docker-$id.scope/memory.peak; do
    [ ! -r "/sys/fs/cgroup/$file" ] || { cat "/sys/fs/cgroup/$file"; return 0; }
  done
  echo 0
}`;
