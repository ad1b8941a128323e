/** How a secret comes to be. */
export type SecretOrigin =
  /** Made by `homelab secrets init`: `length` random letters and digits after the prefix, if any. */
  | { readonly kind: "generated"; readonly length: number; readonly prefix?: string }
  /** Only a person has it. `example` shows the shape. */
  | { readonly kind: "person"; readonly example: string };

/** How a secret gets another value. */
export type SecretRotation =
  /** A new value in the config and a deployment: whoever uses it takes it from there. */
  | { readonly kind: "deploy" }
  /** Another value is of no use. */
  | { readonly kind: "never"; readonly why: string }
  /** A person has a part in it. */
  | { readonly kind: "by-hand"; readonly steps: readonly string[] };

/** One secret of the homelab. */
export interface SecretEntry {
  readonly origin: SecretOrigin;
  /** What it opens, in one line. */
  readonly purpose: string;
  /** Data that was encrypted with it: another value alone does not open it. @default none */
  readonly boundTo?: string;
  readonly rotation: SecretRotation;
}

/** Config key of a secret (`homelab:<key>`). */
export type SecretName = string;

/** Secrets by their names. */
export type Secrets = Readonly<Record<SecretName, SecretEntry>>;

const DEPLOY = { kind: "deploy" } as const;

/**
 * Whether a made-up value has a small letter, a capital and a digit. Programs that judge passwords
 * ask for them (Uptime Kuma refuses one without a digit), and of 32 random letters and digits one in
 * three hundred has no digit.
 */
export function isMixed(value: string): boolean {
  return [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(value));
}

/** A secret that `homelab secrets init` makes up: so many letters and digits. */
export function generated(purpose: string, length = 32): SecretEntry {
  return { origin: { kind: "generated", length }, purpose, rotation: DEPLOY };
}

/** A secret that only a person has. */
export function person(purpose: string, example: string): SecretEntry {
  return { origin: { kind: "person", example }, purpose, rotation: DEPLOY };
}

/** A generated one that is more than a line in the config. */
export function byHand(
  entry: SecretEntry,
  how: Pick<SecretEntry, "boundTo"> & { readonly steps: readonly string[] },
): SecretEntry {
  const { steps, ...bound } = how;
  return { ...entry, ...bound, rotation: { kind: "by-hand", steps } };
}

/** What every host has, whatever runs on it. */
export const HOST_SECRETS: Secrets = {
  "label-key": generated(
    "key of the fingerprints that make a container restart when one of its secrets changed",
    48,
  ),
};
