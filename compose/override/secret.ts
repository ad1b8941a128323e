import {
  isPlainValue,
  isSecretName,
  isSecretValue,
  withoutSecrets,
} from "../secrets/looks-secret.ts";

/** Said of what looks like a secret, without it. */
export const SECRET_HINT =
  "looks like a secret, and none may stand here; it belongs into the stack's config (docs/secrets.md)";

/** Whether a value is, or has in it, what looks like a secret. */
export function holdsSecret(name: string, value: string): boolean {
  if (isPlainValue(name, value)) return false;
  return isSecretName(name) || isSecretValue(value) || withoutSecrets(value, () => "") !== value;
}
