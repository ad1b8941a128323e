import type { HostDeclaration } from "../../model/declaration.ts";
import { HOSTS } from "../../model/host-names.ts";
import type { SecretEntry, SecretName } from "../../model/secrets.ts";
import { hostsNamed } from "../arguments.ts";
import { print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { table } from "../table.ts";
import { entryOf, stackSecrets, type StackSecret } from "../../workspace/secrets/plan.ts";
import { secretsAnswerSchema } from "./answers.ts";

/** Prints names, uses and presence; values are not even read. */
export async function listSecrets(named: readonly string[], json: boolean): Promise<void> {
  const project = await openProject();
  const stacks = hostsNamed(named);
  const hosts = declarationsOf(project);
  const secrets = stackSecrets(project, hosts, stacks);
  const names = [...new Set(secrets.map(({ name }) => name))];
  if (json)
    printJson(
      secretsAnswerSchema,
      names.map((name) => described(name, entryOf(name, hosts), secrets)),
    );
  else print(listText(names, hosts, secrets));
}

function described(
  name: SecretName,
  { purpose, origin, rotation }: SecretEntry,
  secrets: readonly StackSecret[],
) {
  const stacks = secrets
    .filter((secret) => secret.name === name)
    .map(({ stack, state, used }) => ({ stack, state, used }));
  return { name, origin: origin.kind, rotation: rotation.kind, purpose, stacks };
}

/** Who sees to it that a new value opens what the old one opened, and the old one no longer. */
function rotatedBy({ origin, rotation }: SecretEntry): string {
  if (rotation.kind === "never") return "nobody";
  return origin.kind === "person" || rotation.kind === "by-hand" ? "a person" : "a deployment";
}

/** What a cell says of a secret in a stack. */
function cell(secret: StackSecret | undefined): string {
  if (!secret) return "";
  const words = { encrypted: "present", plain: "READABLE", missing: "missing" } as const;
  if (secret.used || secret.state === "plain") return words[secret.state];
  return secret.state === "missing" ? "not needed" : "present, not needed";
}

function listText(
  names: readonly SecretName[],
  hosts: readonly HostDeclaration[],
  secrets: readonly StackSecret[],
): string {
  const shown = HOSTS.filter((host) => secrets.some(({ stack }) => stack === host));
  const rows = names.map((name) => [
    name,
    ...shown.map((stack) =>
      cell(secrets.find((secret) => secret.name === name && secret.stack === stack)),
    ),
    entryOf(name, hosts).origin.kind === "generated" ? "homelab" : "a person",
    rotatedBy(entryOf(name, hosts)),
    entryOf(name, hosts).purpose,
  ]);
  return table(["name", ...shown, "made by", "rotated by", "purpose"], rows);
}
