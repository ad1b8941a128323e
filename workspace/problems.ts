import { existsSync } from "node:fs";
import { accessKeys } from "../model/access-problems.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import { HOSTS, type HostName } from "../model/host-names.ts";
import { secretsOf } from "../model/host-secrets.ts";
import { contractsOf } from "../model/image-catalogue.ts";
import type { Problem } from "../model/problem.ts";
import { deploymentProblems, findProblems } from "../model/validate.ts";
import {
  configValue,
  keyState,
  lockPathOf,
  readLock,
  secretKey,
  secretState,
  type Project,
} from "./project.ts";

/**
 * Every mistake that would stop `pulumi up` before it creates something.
 * @param stacks whose image lock and secrets are looked at. @default all
 */
export async function projectProblems(
  project: Project,
  hosts: readonly HostDeclaration[],
  stacks: readonly HostName[] = HOSTS,
): Promise<Problem[]> {
  const perStack = await Promise.all(stacks.map((host) => stackProblems(project, hosts, host)));
  return [...findProblems(hosts, contractsOf(hosts)), ...perStack.flat()];
}

async function stackProblems(
  project: Project,
  hosts: readonly HostDeclaration[],
  host: HostName,
): Promise<Problem[]> {
  const declared = hosts.filter((one) => one.host === host);
  const given = declared
    .flatMap(secretsOf)
    .filter((name) => secretState(project, host, name) !== "missing");
  const keys = declared.flatMap(accessKeys);
  const access = keys
    .map(({ key }) => key)
    .filter((key) => configValue(project, host, key) !== undefined);
  const path = lockPathOf(project, host);
  const lock = await readLock(path);
  const problems = deploymentProblems({ hosts, host, lock, given: [...given, ...access] });
  const encrypted = keys.filter(({ secret }) => secret).map(({ key }) => key);
  const unencrypted = [...given.map(secretKey), ...encrypted]
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
