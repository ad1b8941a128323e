// Reboots the Docker VM and looks at it afterwards.
import { setTimeout as sleep } from "node:timers/promises";
import { BOOT_UNIT } from "../model/boot.ts";
import type { HostDeclaration, MountDeclaration } from "../model/declaration.ts";
import { HostError } from "../model/errors.ts";
import { FOLDER_MARKER } from "../model/gate-script.ts";
import { cutPower, onMachine } from "../sandbox/machine.ts";
import type { SandboxSettings } from "../sandbox/settings.ts";
import { HOST, onDockerVm } from "./lab.ts";
import type { ContainerFacts } from "./soak-scenarios.ts";

/** A machine that does not answer this long after its power was cut does not boot. */
const ANSWER_SECONDS = 120;

/** Another value after each boot: when the machine's first process made its folder. */
const BOOT_MARK = "stat --format='%Y %i' /run/systemd";

/** Cuts the power and waits until the machine answers after its next boot. */
export async function reboot(settings: SandboxSettings): Promise<void> {
  const before = await onDockerVm(settings, BOOT_MARK);
  await cutPower(settings, HOST);
  const until = Date.now() + ANSWER_SECONDS * 1000;
  while (Date.now() < until) {
    const options = { input: BOOT_MARK, timeoutSeconds: 30 };
    const answer = await onMachine(settings, HOST, ["sh", "-s"], options).catch(() => undefined);
    const mark = answer?.exitCode === 0 ? answer.stdout.trim() : before;
    if (mark !== before && mark !== "") return;
    await sleep(500);
  }
  throw new HostError("HL-SOAK", HOST, `did not answer within ${ANSWER_SECONDS} s of a power cut`);
}

/** Waits until the boot has settled, well or not; how, says the host's boot record. */
export async function untilOrchestrated(
  settings: SandboxSettings,
  limitSeconds: number,
): Promise<void> {
  const state = await onDockerVm(
    settings,
    `for _ in $(seq ${limitSeconds}); do
  state=$(systemctl show --property ActiveState --value ${BOOT_UNIT})
  case $state in active | failed) break ;; esac
  sleep 1
done
echo "$state"`,
  );
  if (state === "active") return;
  const message = `${BOOT_UNIT} is ${state} instead of settled after ${limitSeconds} s`;
  throw new HostError("HL-SOAK", HOST, message);
}

/** How every container is. */
export async function containersOf(settings: SandboxSettings): Promise<ContainerFacts[]> {
  const format =
    "{{.Name}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.RestartCount}} {{.State.StartedAt}}";
  const lines = await onDockerVm(
    settings,
    `docker ps --all --quiet | xargs -r docker inspect --format '${format}'`,
  );
  return parseContainers(lines);
}

/** The containers in the lines of `docker inspect`. */
export function parseContainers(text: string): ContainerFacts[] {
  return text.split("\n").flatMap((line): ContainerFacts[] => {
    const [name, status = "", health = "none", restarts, startedAt = ""] = line.split(" ");
    if (!name) return [];
    // The engine writes the year 1 for one that never ran.
    const started = Math.max(0, Date.parse(startedAt) || 0);
    return [
      {
        ...{ name: name.replace(/^\//, ""), status, health },
        ...{ restarts: Number(restarts), startedAt: started },
      },
    ];
  });
}

/**
 * Files below the mount points on the file systems that lie under the mounts: the read-only ground
 * and the machine's own root. Seen through binds, which show a file system without what is mounted
 * on it.
 */
export async function filesBelowMounts(settings: SandboxSettings, ground: string): Promise<number> {
  const text = await onDockerVm(
    settings,
    `set -e
view=$(mktemp -d)
count=0
look() {
  mount --bind "$1" "$view"
  [ ! -d "$view/$2" ] || count=$((count + $(find "$view/$2" -xdev ! -type d | wc -l)))
  umount "$view"
}
mountpoint -q ${ground} && look ${ground} .
look / ${ground.slice(1)}
rmdir "$view"
echo "$count"`,
  );
  return Number(text);
}

/** Waits until nobody runs without a network mount that is there again, and answers who still does. */
export async function untilSighted(
  settings: SandboxSettings,
  host: HostDeclaration,
  limitSeconds: number,
): Promise<string[]> {
  const until = Date.now() + limitSeconds * 1000;
  for (;;) {
    const blind = await blindServices(settings, host);
    if (blind.length === 0 || Date.now() >= until) return blind;
    await sleep(2000);
  }
}

/** Services that have a network mount and do not see its marker. */
export async function blindServices(
  settings: SandboxSettings,
  host: HostDeclaration,
): Promise<string[]> {
  const mounts = host.gates.flatMap((gate) => (gate.kind === "mount" ? [gate.path] : []));
  const exact = (mount: MountDeclaration) => mount.kind === "bind" && mounts.includes(mount.source);
  const views = host.services.flatMap(({ name, mounts: own }) =>
    (own ?? []).filter(exact).map(({ target }) => `look ${name} ${target}`),
  );
  const text = await onDockerVm(
    settings,
    `look() {
  pid=$(docker inspect --format '{{.State.Pid}}' "$1")
  timeout 10 test -e "/proc/$pid/root$2/${FOLDER_MARKER}" || echo "$1"
}
${views.join("\n")}`,
  );
  return [...new Set(text.split("\n").filter((name) => name !== ""))];
}
