// (h): how the cost of a host grows with its containers. The Docker VM gets small services beside
// its own, by a program that differs from the checkout's in nothing else; the next plain `up`
// removes them.
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { allHealthyAt, recordMoments, startTimes } from "../hosts/engine-events.ts";
import { BOOT_UNIT } from "../model/boot.ts";
import { step } from "../sandbox/reporter.ts";
import { sshConfigPath } from "../sandbox/ssh.ts";
import { runPulumi } from "../workspace/pulumi-events.ts";
import { PULUMI_UP } from "./contenders.ts";
import { CROWD_NETWORK, CROWD_VARIABLE } from "./crowd/crowd.plan.ts";
import { HOST, onDockerVm, removeContainers, stopContainers, type Lab } from "./lab.ts";
import type { Bench } from "./measure-ups.ts";
import type { EngineScale } from "./results.ts";

/** Containers on the host, its own among them. */
export const CROWDS: readonly number[] = [50, 100, 200];

/** A boot of the largest crowd is over long before. */
const HEALTHY_SECONDS = 600;

type Size = EngineScale["sizes"][number];

/** Deploys, previews and boots each crowd once. Leaves the last one's containers to the next `up`. */
export async function measureCrowd(bench: Bench, crowds: readonly number[]): Promise<EngineScale> {
  const project = await crowdProject(bench.lab);
  const networks = [...bench.lab.host.networks, { name: CROWD_NETWORK }];
  const host = { ...bench.lab.host, networks };
  try {
    const sizes: Size[] = [];
    for (const containers of crowds) {
      const name = `${containers} containers: from nothing, again, preview, boot`;
      const lab = { ...bench.lab, host, env: { ...bench.lab.env, ...project.envFor(containers) } };
      const measured = () => measureOne({ ...bench, lab }, containers);
      sizes.push(await step(bench.reporter, name, measured, describe));
    }
    return { sizes };
  } finally {
    await project.remove();
  }
}

async function measureOne({ lab, settleSeconds }: Bench, containers: number): Promise<Size> {
  const settle = () => sleep(settleSeconds * 1000);
  const pulumi = async (...args: string[]) => {
    await settle();
    return (await runPulumi(lab.env, [...args, "--stack", HOST])).seconds;
  };
  await removeContainers(lab);
  const fromNothing = await pulumi(...PULUMI_UP);
  await requireHealthy(lab, containers);
  const nothingToDo = await pulumi(...PULUMI_UP);
  const preview = await pulumi("preview", "--expect-no-changes");
  await stopContainers(lab);
  await settle();
  const boot = await timedBoot(lab, containers);
  return {
    containers,
    fromNothing,
    nothingToDo,
    preview,
    boot,
    stateMebibytes: await stateOf(lab),
  };
}

async function timedBoot(lab: Lab, containers: number): Promise<number> {
  const recording = recordMoments(sshConfigPath(lab.settings.folder), HOST);
  const since = Date.now();
  await onDockerVm(lab.settings, `systemctl restart ${BOOT_UNIT}`).finally(() =>
    requireHealthy(lab, containers),
  );
  return allHealthyAt(startTimes(await recording.stop(), since));
}

/** @throws HostError when not so many are healthy in time */
async function requireHealthy(lab: Lab, containers: number): Promise<void> {
  await onDockerVm(
    lab.settings,
    `for _ in $(seq ${HEALTHY_SECONDS}); do
  healthy=$(docker ps --quiet --filter health=healthy | wc -l)
  [ "$healthy" -ge ${containers} ] && exit 0
  sleep 1
done
echo "$healthy of ${containers} are healthy" >&2
exit 1`,
  );
}

/**
 * The sandbox's project with the crowd's program: same name, same stack, same state. Pulumi runs a
 * program, and its commands, in the folder that it is in, and both look for the checkout's files
 * there: so that folder has all of them, as links.
 */
async function crowdProject(lab: Lab) {
  const folder = await mkdtemp(join(tmpdir(), "homelab-crowd-project-"));
  const own = lab.env["PULUMI_OPTION_CWD"] ?? "";
  await cp(own, folder, { recursive: true });
  const main = join(folder, "program.mjs");
  const program = pathToFileURL(join(import.meta.dirname, "crowd", "program.mjs")).href;
  await writeFile(main, `export { default } from ${JSON.stringify(program)};\n`);
  const there = new Set(await readdir(folder));
  for (const name of await readdir(lab.settings.checkout)) {
    if (!there.has(name)) await symlink(join(lab.settings.checkout, name), join(folder, name));
  }
  const file = join(folder, "Pulumi.yaml");
  const project = parse(await readFile(file, "utf8")) as Record<string, unknown>;
  await writeFile(file, stringify({ ...project, main }));
  return {
    envFor: (containers: number) => ({
      PULUMI_OPTION_CWD: folder,
      [CROWD_VARIABLE]: String(Math.max(0, containers - lab.host.services.length)),
    }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function stateOf({ env }: Lab): Promise<number> {
  const project = parse(
    await readFile(join(env["PULUMI_OPTION_CWD"] ?? "", "Pulumi.yaml"), "utf8"),
  ) as { readonly name: string };
  const state = (env["PULUMI_BACKEND_URL"] ?? "").replace(/^file:\/\//, "");
  const { size } = await stat(join(state, ".pulumi", "stacks", project.name, `${HOST}.json`));
  return size / 1024 ** 2;
}

function describe({ fromNothing, nothingToDo, preview, boot }: Size): string {
  return [fromNothing, nothingToDo, preview, boot].map((time) => `${time.toFixed(1)} s`).join(", ");
}
