import type { FileContent } from "./declared-files.ts";
import type { SecretName } from "./secrets.ts";

/** Names of the secrets that a file holds. */
export function secretsIn(content: FileContent): string[] {
  switch (content.kind) {
    case "text":
      return [];
    case "secret":
    case "sha256":
      return [content.secret];
    case "template":
      return [...content.template.matchAll(/\{\{([a-z0-9-]+)\}\}/g)].map((match) => match[1] ?? "");
    case "mosquitto-passwords":
    case "htpasswd":
      return Object.values(content.users);
    case "authelia-users":
    case "page-users":
      return Object.values<{ readonly secret: SecretName }>(content.users).map(
        (user) => user.secret,
      );
  }
}
