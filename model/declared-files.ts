import type { SecretName } from "./secrets.ts";

/** A file that this program writes on the host and mounts read-only into the container. */
export interface FileDeclaration {
  /** Path inside the container. */
  readonly target: string;
  readonly content: FileContent;
  /** Owner inside the container, "uid:gid". @default the image user, "0:0" if it has none */
  readonly owner?: string;
  /** Octal mode. @default "0444", "0400" when the content holds a secret */
  readonly mode?: string;
  /**
   * User that reads it where that is not the program, but e.g. its health check, "uid:gid".
   * @default the user that the image's contract names
   */
  readonly readBy?: string;
}

/** What a file holds. The kinds that name secrets are rendered when they are deployed. */
export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  /** The secret's value and nothing else, without a newline at the end. */
  | { readonly kind: "secret"; readonly secret: SecretName }
  /** SHA-256 of the secret's value in hexadecimal, for who only has to know it again. */
  | { readonly kind: "sha256"; readonly secret: SecretName }
  /** Text in which `{{secret-name}}` stands for a secret's value. */
  | { readonly kind: "template"; readonly template: string }
  /** Password file as Mosquitto reads it: user name to secret. */
  | { readonly kind: "mosquitto-passwords"; readonly users: Readonly<Record<string, SecretName>> }
  /** Apache htpasswd with bcrypt: user name to secret. */
  | {
      readonly kind: "htpasswd";
      readonly users: Readonly<Record<string, SecretName>>;
      /** Cost of the hashes; programs that refuse cheap ones need more. @default 5 */
      readonly cost?: number;
    }
  /** Users file as Authelia reads it: user name to display data and secret. */
  | { readonly kind: "authelia-users"; readonly users: Readonly<Record<string, PortalUser>> }
  /** Who may log in at the control plane's page, hashed with argon2id: user name to role and secret. */
  | { readonly kind: "page-users"; readonly users: Readonly<Record<string, PageUser>> };

/** One person who can log in at the control plane's page. */
export interface PageUser {
  /** "viewer" looks, "operator" also decides. */
  readonly role: "viewer" | "operator";
  readonly secret: SecretName;
}

/** One person who can sign in at a portal. */
export interface PortalUser {
  readonly displayName: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly secret: SecretName;
}
