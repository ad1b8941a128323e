import { UserError } from "../../model/errors.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { secretsOf, stacksWith } from "../../model/host-secrets.ts";
import type { SecretName } from "../../model/secrets.ts";
import { secretKey, secretState, type Project } from "../project.ts";
import { deployedKeys, type KnownStack } from "../pulumi.ts";
import { entryOf } from "./plan.ts";

/**
 * A stack that was deployed has its secrets somewhere. Where this copy lacks some of them, new
 * ones would change the passwords of a running homelab, and lock it out of its own backups.
 * Stacks that nobody asked for count too, for what they share with those asked for. A secret
 * that is newer than the last deployment is no stack's yet, and may be made.
 * @throws UserError HL-SECRETS-ELSEWHERE that lists them, and says where they are
 */
export async function assertNotDeployedElsewhere(
  project: Project,
  hosts: readonly HostDeclaration[],
  asked: readonly HostName[],
  known: readonly KnownStack[],
): Promise<void> {
  const deployed = HOSTS.filter((stack) =>
    known.some(({ name, resources }) => name === stack && resources > 0),
  );
  const lacking = await Promise.all(
    deployed.map(async (stack) => {
      const missing = missingHere(project, hosts, stack, asked);
      if (missing.length === 0) return { stack, names: [] };
      const keys = new Set(await deployedKeys(project, stack));
      return { stack, names: missing.filter((name) => keys.has(secretKey(name))) };
    }),
  );
  const foreign = lacking.filter(({ names }) => names.length > 0);
  if (foreign.length === 0) return;
  const list = foreign.map(({ stack, names }) => `  ${stack}: ${names.join(", ")}`);
  const commands = foreign.map(({ stack }) => `  pulumi config refresh -s ${stack}`);
  throw new UserError(
    "HL-SECRETS-ELSEWHERE",
    `deployed before with secrets that the stack files in ${project.folder} lack; new ones would change them, so nothing was written:\n${list.join("\n")}\nThey are in the stack file of the computer that deployed, and in the backend as they were deployed. Fetch them, then run this again:\n${commands.join("\n")}\nIt keeps the stack file that is there beside the new one, as .bak: set again what only that one has.`,
  );
}

/** What `secrets init` would make up, for this stack or for one that shares it. */
function missingHere(
  project: Project,
  hosts: readonly HostDeclaration[],
  stack: HostName,
  asked: readonly HostName[],
): SecretName[] {
  const declared = hosts.filter(({ host }) => host === stack);
  return declared
    .flatMap(secretsOf)
    .filter(
      (name) =>
        entryOf(name, hosts).origin.kind === "generated" &&
        stacksWith(name, hosts).some((host) => asked.includes(host)) &&
        secretState(project, stack, name) === "missing",
    );
}
