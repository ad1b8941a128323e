import { randomInt } from "node:crypto";
import type { HostDeclaration } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import { secretsAmong, secretsOf, secretsUsedBy } from "../../model/host-secrets.ts";
import {
  isMixed,
  type SecretEntry,
  type SecretName,
  type SecretOrigin,
} from "../../model/secrets.ts";
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
  return declarations
    .filter(({ host }) => stacks.includes(host))
    .flatMap((declaration) => {
      const used = new Set(secretsUsedBy(declaration));
      return secretsOf(declaration).map((name) => ({
        name,
        stack: declaration.host,
        state: secretState(project, declaration.host, name),
        used: used.has(name),
      }));
    });
}

/**
 * What is known of a secret.
 * @throws Error when no host has it
 */
export function entryOf(name: SecretName, hosts: readonly HostDeclaration[]): SecretEntry {
  const entry = secretsAmong(hosts)[name];
  if (!entry) throw new Error(`no host has a secret "${name}"`);
  return entry;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** A new random value of letters and digits, some of each kind, see {@link isMixed}. */
export function generateValue(origin: Extract<SecretOrigin, { kind: "generated" }>): string {
  for (;;) {
    const random = Array.from({ length: origin.length }, () => LETTERS[randomInt(LETTERS.length)]);
    const value = random.join("");
    if (isMixed(value)) return `${origin.prefix ?? ""}${value}`;
  }
}

/** What a person types to supply a secret; Pulumi asks for the value and does not show it. */
export function supplyCommand(name: SecretName, stack: HostName): string {
  return `pulumi config set --secret homelab:${name} -s ${stack}`;
}
