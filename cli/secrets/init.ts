import { BACKUP_PROGRAM } from "../../household/backup.ts";
import { counted } from "../../model/counted.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import type { SecretEntry, SecretName } from "../../model/secrets.ts";
import { secretsAmong } from "../../model/host-secrets.ts";
import { hostsNamed } from "../arguments.ts";
import { note, print, printJson } from "../output.ts";
import { declarationsOf, openProject, secretKey, type Project } from "../../workspace/project.ts";
import {
  assertPulumiEnvironment,
  configValues,
  initStack,
  knownStacks,
  setSecret,
} from "../../workspace/pulumi.ts";
import { assertNotDeployedElsewhere } from "../../workspace/secrets/elsewhere.ts";
import {
  entryOf,
  generateValue,
  stackSecrets,
  supplyCommand,
  type StackSecret,
} from "../../workspace/secrets/plan.ts";
import { initAnswerSchema } from "./answers.ts";

/** What `secrets init` did and what it leaves to a person. */
interface InitResult {
  readonly createdStacks: readonly HostName[];
  readonly written: readonly { readonly name: SecretName; readonly stack: HostName }[];
  readonly alreadyThere: number;
  readonly toSupply: readonly PersonSecret[];
  /** Shared secrets whose value is not the same in all stacks. */
  readonly differing: readonly SecretName[];
}

interface PersonSecret {
  readonly name: SecretName;
  readonly stack: HostName;
  readonly purpose: string;
  readonly example: string;
  readonly command: string;
}

/** Decrypted secrets by stack, by config key. */
type Values = ReadonlyMap<HostName, ReadonlyMap<string, string>>;

/** Makes the stacks and the secrets that are missing; changes nothing that is there. */
export async function initSecrets(hosts: readonly string[], json: boolean): Promise<void> {
  const stacks = hostsNamed(hosts);
  let project = await openProject();
  const declarations = declarationsOf(project);
  assertPulumiEnvironment(project, stacks);
  const known = await knownStacks(project);
  await assertNotDeployedElsewhere(project, declarations, stacks, known);
  // Read before a stack is made: a passphrase that does not open these must not lock another one.
  const isKnown = (stack: HostName): boolean => known.some(({ name }) => name === stack);
  const valuesBefore = await readValues(project, HOSTS.filter(isKnown));
  const createdStacks = stacks.filter((stack) => !isKnown(stack));
  for (const stack of createdStacks) {
    await initStack(project, stack);
    note(`made stack ${stack}`);
  }
  project = await openProject();
  // The file of a stack that is new to this backend can have come from another one.
  const values = new Map([...valuesBefore, ...(await readValues(project, createdStacks))]);

  const secrets = stackSecrets(project, declarations, stacks);
  const missing = secrets.filter(({ state }) => state === "missing");
  const written = await writeMissing(project, declarations, missing, values);
  const done = new Set(written.map(({ name, stack }) => `${stack} ${name}`));
  const result: InitResult = {
    createdStacks,
    written,
    alreadyThere: secrets.length - missing.length,
    toSupply: missing
      .filter(({ name, stack, used }) => used && !done.has(`${stack} ${name}`))
      .map((secret) => personSecret(secret, entryOf(secret.name, declarations))),
    differing: differingSecrets(Object.keys(secretsAmong(declarations)), values),
  };
  if (json) printJson(initAnswerSchema, result);
  else print(resultText(result));
}

/** The values of those stacks that can have some. */
async function readValues(project: Project, stacks: readonly HostName[]): Promise<Values> {
  const readable = stacks.filter((stack) => project.stacks[stack].salted);
  const read = readable.map(async (stack) => [stack, await configValues(project, stack)] as const);
  return new Map(await Promise.all(read));
}

/** Stacks go side by side; within one, pulumi rewrites the file each time. */
async function writeMissing(
  project: Project,
  hosts: readonly HostDeclaration[],
  missing: readonly StackSecret[],
  values: Values,
): Promise<{ name: SecretName; stack: HostName }[]> {
  const chosen = new Map<SecretName, string>();
  for (const { name } of missing) {
    const value = chosen.get(name) ?? sharedValue(name, values) ?? newValue(entryOf(name, hosts));
    if (value !== undefined) chosen.set(name, value);
  }
  const perStack = HOSTS.map(async (stack) => {
    const written: { name: SecretName; stack: HostName }[] = [];
    for (const { name } of missing.filter((secret) => secret.stack === stack)) {
      const value = chosen.get(name);
      if (value === undefined) continue;
      await setSecret(project, stack, secretKey(name), value);
      written.push({ name, stack });
    }
    if (written.length > 0) note(`${stack}: wrote ${counted(written.length, "secret")}`);
    return written;
  });
  return (await Promise.all(perStack)).flat();
}

function sharedValue(name: SecretName, values: Values): string | undefined {
  return [...values.values()].flatMap((stack) => stack.get(secretKey(name)) ?? [])[0];
}

function newValue({ origin }: SecretEntry): string | undefined {
  return origin.kind === "generated" ? generateValue(origin) : undefined;
}

function differingSecrets(names: readonly SecretName[], values: Values): SecretName[] {
  return names.filter((name) => {
    const found = [...values.values()].flatMap((stack) => stack.get(secretKey(name)) ?? []);
    return new Set(found).size > 1;
  });
}

function personSecret(
  { name, stack }: StackSecret,
  { purpose, origin }: SecretEntry,
): PersonSecret {
  const example = origin.kind === "person" ? origin.example : "";
  return { name, stack, purpose, example, command: supplyCommand(name, stack) };
}

function resultText(result: InitResult): string {
  const lines = [
    `${counted(result.written.length, "secret")} written, ${result.alreadyThere} were there already.`,
  ];
  if (result.differing.length > 0) {
    lines.push(
      "",
      "Not the same in all stacks that share them; `npx homelab secrets rotate <secret>` makes them so:",
      ...result.differing.map((name) => `  ${name}`),
    );
  }
  if (result.toSupply.length > 0) {
    lines.push("", "Only you have these. Each command asks for the value and does not show it:");
    for (const { name, purpose, example, command } of result.toSupply) {
      lines.push(`  ${name}: ${purpose} (${example})`, `    ${command}`);
    }
  } else {
    lines.push("Nothing is left for a person to supply.");
  }
  const { key } = BACKUP_PROGRAM;
  lines.push(
    "",
    `Keep the passphrase${key === undefined ? "" : ` and ${key}`} in your password manager too: without them neither the secrets nor the backups can be read.`,
  );
  return lines.join("\n");
}
