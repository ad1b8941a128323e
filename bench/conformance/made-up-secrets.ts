import { secretsAmong } from "../../model/host-secrets.ts";
import { sandboxSecret } from "../../sandbox/project.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import { declaredHosts } from "./declared.ts";

/** Values of the household's secrets, made up, the same in every run. */
export function madeUpSecrets(settings: SandboxSettings): (name: string) => string {
  const secrets = secretsAmong(declaredHosts(settings));
  return (name) => sandboxSecret("conformance", name, secrets[name]?.origin);
}
