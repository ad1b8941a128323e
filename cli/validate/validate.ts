import { existsSync } from "node:fs";
import { IMAGE_CONTRACTS } from "../../components/images.ts";
import { counted } from "../../model/counted.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { secretsOf } from "../../model/secrets.ts";
import { TAILSCALE_ACCESS, TAILSCALE_SECRETS } from "../../model/tailscale-access.ts";
import { deploymentProblems, findProblems } from "../../model/validate.ts";
import type { Problem } from "../../model/problem.ts";
import { print, printJson } from "../output.ts";
import {
  configValue,
  declarationsOf,
  keyState,
  lockPathOf,
  openProject,
  readLock,
  secretKey,
  secretState,
  type Project,
} from "../../workspace/project.ts";

/** Prints what is wrong with the project and answers the exit code. */
export async function validate(json: boolean): Promise<number> {
  const project = await openProject();
  const hosts = declarationsOf(project);
  const problems = await projectProblems(project, hosts);
  if (json) printJson({ problems });
  else print(problemText(problems, hosts));
  return problems.length === 0 ? 0 : 2;
}

/** Every mistake that would stop `pulumi up` of any stack before it creates something. */
export async function projectProblems(
  project: Project,
  hosts: readonly HostDeclaration[],
): Promise<Problem[]> {
  const perStack = await Promise.all(HOSTS.map((host) => stackProblems(project, hosts, host)));
  return [...findProblems(hosts, IMAGE_CONTRACTS), ...perStack.flat()];
}

async function stackProblems(
  project: Project,
  hosts: readonly HostDeclaration[],
  host: HostName,
): Promise<Problem[]> {
  const given = secretsOf(host).filter((name) => secretState(project, host, name) !== "missing");
  const access = Object.values(TAILSCALE_ACCESS).filter(
    (key) => configValue(project, host, key) !== undefined,
  );
  const path = lockPathOf(project, host);
  const lock = await readLock(path);
  const problems = deploymentProblems({ hosts, host, lock, given: [...given, ...access] });
  const unencrypted = [...given.map(secretKey), ...TAILSCALE_SECRETS]
    .filter((key) => keyState(project, host, key) === "plain")
    .map((key) => ({
      path: `${project.stacks[host].path} ${key}`,
      message: `stands there readable; encrypt it: pulumi config set --secret ${key} -s ${host}`,
    }));
  if (existsSync(path)) return [...problems, ...unencrypted];
  // One line instead of one for each image.
  const missingLock = {
    path: `${host}.images`,
    message: `the image lock file "${path}" does not exist; \`npx homelab images lock\` writes it`,
  };
  return [
    missingLock,
    ...problems.filter((problem) => !problem.path.endsWith(".image")),
    ...unencrypted,
  ];
}

function problemText(problems: readonly Problem[], hosts: readonly HostDeclaration[]): string {
  if (problems.length === 0) {
    const services = hosts.reduce((sum, host) => sum + host.services.length, 0);
    return `${counted(services, "service")} on ${counted(hosts.length, "host")}: nothing wrong`;
  }
  const lines = problems.map((problem) => `${problem.path}: ${problem.message}`);
  return `${lines.join("\n")}\n${counted(problems.length, "mistake")}`;
}
