// The Docker VM's own start plan, with containers that do nothing but take a while to become
// healthy: boots and power cuts are real, and take seconds.
import { onMachine } from "../../../sandbox/machine.ts";
import { NAS_MOUNTS } from "../../../sandbox/mounts.ts";
import type { SandboxSettings } from "../../../sandbox/settings.ts";
import { NODE_MAJOR, bootProgram } from "../../../programs/bundle.ts";
import { longestRunSeconds } from "../../../programs/boot/start-plan.ts";
import { bootFiles } from "../../../components/core/boot-orchestrator.ts";
import { mountFiles } from "../../../components/core/network-mounts.ts";
import { writeScript, type HostFile } from "../../../components/core/host-files.ts";
import { BOOT_PERMIT, BOOT_UNIT, mountUnit } from "../../../model/boot.ts";
import { hostPlan, serializePlan, type HostPlan } from "../../../model/host-plan.ts";
import { desiredPlan } from "../../../model/paths.ts";
import { parseSite } from "../../../model/site.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { MOUNT_GROUND } from "../../../components/core/shared-folder.plan.ts";
import { GROUND_FOLDERS } from "../../../household/mounts.ts";
import { hostNamed } from "../../support/fleet.ts";
import { site } from "../../support/site.ts";

/** What mounts leave out of their limits, so that a test of a dead NAS takes a minute. */
export const MOUNT_LIMIT_SECONDS = 30;

/** Seconds until a stand-in is healthy: between 0.5 and 3.5, always the same for a name. */
export function startSeconds(name: string): number {
  const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return 0.5 + (sum % 7) * 0.5;
}

/** The Docker VM's plan in a sandbox, with short limits. */
export function standInPlan(): HostPlan {
  const sandboxSite = parseSite({ ...site, nasMounts: NAS_MOUNTS });
  const { gates } = declareFleet(sandboxSite)["docker-vm"].declaration;
  const declaration = { ...hostNamed("docker-vm"), gates };
  const plan = hostPlan(declaration, { version: 1, images: {} }, "none");
  return {
    ...plan,
    gates: plan.gates.map((gate) => ({ ...gate, limitSeconds: MOUNT_LIMIT_SECONDS })),
    services: plan.services.map((service) => ({
      ...service,
      health: { ...service.health, deadlineSeconds: 60 },
      requires: service.requires.map((requirement) => ({
        ...requirement,
        limitSeconds: Math.min(requirement.limitSeconds, MOUNT_LIMIT_SECONDS),
      })),
    })),
  };
}

/** Installs mounts, plan and orchestrator on the Docker VM, and creates the containers. */
export async function installStandIns(settings: SandboxSettings, plan: HostPlan): Promise<void> {
  const mounts = plan.gates.flatMap(({ name, remedy, condition }) => {
    if (condition.kind !== "mount") return [];
    const { kind, path, source, writable } = condition;
    return [{ name, remedy, kind, path, source, writable }];
  });
  const files: HostFile[] = [
    ...mountFiles({ ground: MOUNT_GROUND, folders: GROUND_FOLDERS, mounts, settings: NAS_MOUNTS }),
    ...bootFiles(plan.host, {
      program: await bootProgram(process.cwd()),
      nodeMajor: NODE_MAJOR,
      startTimeoutSeconds: longestRunSeconds(plan),
      stopTimeoutSeconds: 60,
    }),
    { path: desiredPlan(plan.host), content: serializePlan(plan), owner: "0:0", mode: "0644" },
  ];
  const units = mounts.map((mount) => `'${mountUnit(mount.path)}'`).join(" ");
  await onDockerVm(settings, writeScript(files, "stand-ins", "test"));
  await onDockerVm(
    settings,
    `set -e
systemctl daemon-reload
systemctl --quiet enable homelab-mount-ground.service ${units} ${BOOT_UNIT}
systemctl start homelab-mount-ground.service ${units}
${IMAGE}
${plan.services.map(({ name }) => createContainer(plan, name)).join("\n")}`,
  );
}

/** An image of the machine's own shell, because nothing has to be pulled for it. */
const IMAGE = `docker image inspect stand-in > /dev/null 2>&1 || {
  cd $(mktemp -d)
  for program in sh sleep touch rm; do
    path=$(readlink -f "$(command -v $program)")
    mkdir -p bin tmp && cp "$path" bin/$program
    ldd "$path" | grep -o '/[^ ]*' | while read -r library; do
      mkdir -p ".$(dirname "$library")" && cp -L "$library" ".$library"
    done
  done
  tar -c . | docker import - stand-in > /dev/null
}`;

/** Writes to what is mounted, as the real one would: anything that lands below a mount shows. */
function createContainer(plan: HostPlan, name: string): string {
  const gates = plan.services
    .find((service) => service.name === name)
    ?.requires.flatMap(({ on }) => plan.gates.filter((gate) => on === `gate:${gate.name}`));
  const paths = (gates ?? []).flatMap(({ condition }) =>
    condition.kind === "mount" ? [condition] : [],
  );
  const binds = paths.map(({ path }) => `--volume ${path}:${path}`).join(" ");
  const writes = paths
    .filter(({ writable }) => writable)
    .map(({ path }) => `touch ${path}/${name} 2>/dev/null;`);
  const run = `trap "exit 0" TERM; rm -f /tmp/ok; ${writes.join(" ")} sleep ${startSeconds(name)}; touch /tmp/ok; while :; do sleep 1000 & wait; done`;
  return `docker create --name ${name} --network none --restart on-failure ${binds} \\
  --mount type=bind,source=${BOOT_PERMIT},target=${BOOT_PERMIT},readonly \\
  --health-cmd 'test -f /tmp/ok' --health-interval 30s --health-start-period 30s --health-start-interval 1s \\
  stand-in /bin/sh -c '${run}' > /dev/null`;
}

/** Runs a script on the Docker VM. */
export async function onDockerVm(settings: SandboxSettings, script: string): Promise<string> {
  const answer = await onMachine(settings, "docker-vm", ["sh", "-s"], { input: script });
  if (answer.exitCode !== 0) {
    throw new Error(
      `[docker-vm] ${script.slice(0, 200)} ended with ${answer.exitCode}: ${answer.stderr}`,
    );
  }
  return answer.stdout.trim();
}
