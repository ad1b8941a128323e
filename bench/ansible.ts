// Ansible's community.docker.docker_compose_v2 with the hand-merged project, as its users run it:
// a playbook on this computer, over ssh, with the `docker compose` of the Docker VM.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { run } from "../hosts/local-command.ts";
import { sshConfigPath } from "../sandbox/ssh.ts";
import type { Compose } from "./compose.ts";
import { HOST, onDockerVm, type Lab } from "./lab.ts";
import { pythonTool } from "./python-tool.ts";

/** Where the docker CLI looks for `docker compose`. */
const PLUGIN = "/root/.docker/cli-plugins/docker-compose";

/** How long one play may take. */
const PLAY_SECONDS = 900;

/** Ansible, ready to play. */
export interface Ansible {
  readonly version: string;
  readonly up: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * Fetches Ansible and writes the playbook.
 * @throws HostError when it cannot be had
 */
export async function installAnsible(lab: Lab, compose: Compose): Promise<Ansible> {
  const programs = await pythonTool("ansible", lab.settings.cache);
  const folder = await mkdtemp(join(tmpdir(), "homelab-bench-ansible-"));
  const [playbook, inventory] = [join(folder, "play.yaml"), join(folder, "hosts")];
  await writeFile(playbook, playbookText(compose.mergedFile));
  await writeFile(inventory, `${HOST} ansible_python_interpreter=/usr/bin/python3\n`);
  await onDockerVm(
    lab.settings,
    `mkdir -p ${dirname(PLUGIN)} && ln -sfn ${compose.program} ${PLUGIN}`,
  );
  const env = {
    ANSIBLE_HOME: join(folder, "home"),
    ANSIBLE_SSH_ARGS: `-F ${sshConfigPath(lab.settings.folder)} -o ControlMaster=auto -o ControlPersist=60s`,
    ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, "cm"),
    LC_ALL: "C.UTF-8",
  };
  const ansible = (program: string, ...args: string[]) =>
    run([join(programs, program), ...args], { env, cwd: folder, timeoutSeconds: PLAY_SECONDS });
  const { stdout } = await ansible("ansible", "--version");
  return {
    version: /core ([0-9.]+)/.exec(stdout)?.[1] ?? "",
    up: async () => {
      await ansible("ansible-playbook", "--inventory", inventory, playbook);
    },
    remove: async () => {
      await onDockerVm(lab.settings, `rm -f ${PLUGIN}`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A play of one task, that waits until everything is healthy. */
export function playbookText({ folder, file }: Compose["mergedFile"]): string {
  const task = { project_src: folder, files: [file], state: "present", wait: true };
  return stringify([
    {
      hosts: HOST,
      gather_facts: false,
      tasks: [{ name: "everything", "community.docker.docker_compose_v2": task }],
    },
  ]);
}
