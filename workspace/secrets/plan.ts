import { randomInt } from "node:crypto";
import type { HostDeclaration } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import {
  SECRETS,
  secretsOf,
  type SecretEntry,
  type SecretName,
  type SecretOrigin,
} from "../../model/secrets.ts";
import { secretsUsedBy } from "../../model/validate.ts";
import { secretState, type Project, type SecretState } from "../project.ts";

/** One secret in one stack. */
export interface StackSecret {
  readonly name: SecretName;
  readonly stack: HostName;
  readonly state: SecretState;
  /** Something that is declared there needs it; some settings make a secret needless. */
  readonly used: boolean;
}

/** Every secret of the given stacks, in a stable order. */
export function stackSecrets(
  project: Project,
  declarations: readonly HostDeclaration[],
  stacks: readonly HostName[],
): StackSecret[] {
  return stacks.flatMap((stack) => {
    const declaration = declarations.find(({ host }) => host === stack);
    const used = new Set(declaration ? secretsUsedBy(declaration) : []);
    return secretsOf(stack).map((name) => ({
      name,
      stack,
      state: secretState(project, stack, name),
      used: used.has(name),
    }));
  });
}

/** What is known of a secret. */
export function entryOf(name: SecretName): SecretEntry {
  return SECRETS[name];
}

/** Whether the text names a secret. */
export function isSecretName(text: string): text is SecretName {
  return Object.hasOwn(SECRETS, text);
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** A new random value; every character is as likely as every other. */
export function generateValue(origin: Extract<SecretOrigin, { kind: "generated" }>): string {
  const random = Array.from({ length: origin.length }, () => LETTERS[randomInt(LETTERS.length)]);
  return `${origin.prefix ?? ""}${random.join("")}`;
}

/** What a person types to supply a secret; Pulumi asks for the value and does not show it. */
export function supplyCommand(name: SecretName, stack: HostName): string {
  return `pulumi config set --secret homelab:${name} -s ${stack}`;
}

/** Secrets that data was encrypted with, and which data: another value does not open it. */
export const BOUND_TO_DATA: Partial<Record<SecretName, string>> = Object.fromEntries(
  (Object.keys(SECRETS) as SecretName[]).flatMap((name) => {
    const { boundTo } = entryOf(name);
    return boundTo === undefined ? [] : [[name, boundTo] as const];
  }),
);
