import { isPlainValue, isSecretName, isSecretValue, withoutSecrets } from "./looks-secret.ts";
import type { Vault } from "./vault.ts";

/** Whether a configuration file may hold a secret. Rather once too often: such a file is not copied. */
export function maySecretsBeIn(text: string, vault: Vault): boolean {
  if (vault.isIn(text) || withoutSecrets(text, () => "") !== text) return true;
  return text.split("\n").some((line) => {
    const [, name = "", value = ""] =
      /^[\s-]*["']?([\w.-]+)["']?\s*[:=]\s*(\S.*)$/.exec(line) ?? [];
    const plain = value.replace(/["',;]+$/, "").replace(/^["']/, "");
    if (isSecretName(name) && !isPlainValue(name, plain) && !/^[#{[]/.test(plain)) return true;
    return line.split(/[\s"'=,:;<>()[\]{}]+/).some(isSecretValue);
  });
}
