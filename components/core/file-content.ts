import { createHash, createHmac, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { encodeBase64, hash as bcrypt } from "bcryptjs";
import { stringify } from "yaml";
import type { PortalUser, FileContent, PageUser } from "../../model/declared-files.ts";
import { secretsIn } from "../../model/file-secrets.ts";

const derive = promisify(pbkdf2);

/** What a file's content is made from. */
export interface RenderInputs {
  /** Values of the secrets that the content names. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Values that only a deployment knows, e.g. "restic-address". */
  readonly values: Readonly<Record<string, string>>;
  /** Key from which salts are made, so that the same password gives the same file every time. */
  readonly saltKey: string;
}

/** Whether the content holds a secret, so that it must stay encrypted and readable by one user. */
export function isSecretContent(content: FileContent): boolean {
  return secretsIn(content).length > 0;
}

/** Names of the handed-over values (`{{value:name}}`) in a content. */
export function valuesIn(content: FileContent): string[] {
  if (content.kind !== "template") return [];
  return [...content.template.matchAll(/\{\{value:([a-z0-9-]+)\}\}/g)].map(
    ([, name]) => name ?? "",
  );
}

/** The text of a file. */
export async function renderContent(content: FileContent, inputs: RenderInputs): Promise<string> {
  const secret = (name: string) => lookUp(inputs.secrets, name);
  switch (content.kind) {
    case "text":
      return content.text;
    case "secret":
      return secret(content.secret);
    case "sha256":
      return `${createHash("sha256").update(secret(content.secret)).digest("hex")}\n`;
    case "template":
      return content.template.replaceAll(
        /\{\{(value:)?([a-z0-9-]+)\}\}/g,
        (_, isValue, name: string) => (isValue ? lookUp(inputs.values, name) : secret(name)),
      );
    case "mosquitto-passwords":
      return lines(content.users, (user, name) =>
        mosquittoHash(user, secret(name), inputs.saltKey),
      );
    case "htpasswd":
      return lines(content.users, (user, name) =>
        htpasswdHash(user, secret(name), inputs.saltKey, content.cost ?? BCRYPT_COST),
      );
    case "authelia-users":
      return autheliaUsers(content.users, secret, inputs.saltKey);
    case "page-users":
      return pageUsers(content.users, secret, inputs.saltKey);
  }
}

function lookUp(from: Readonly<Record<string, string>>, name: string): string {
  const value = from[name];
  if (value === undefined) throw new Error(`no value was given for "${name}"`);
  return value;
}

async function lines(
  users: Readonly<Record<string, string>>,
  hashOf: (user: string, secretName: string) => Promise<string>,
): Promise<string> {
  const rows = Object.entries(users).map(
    async ([user, name]) => `${user}:${await hashOf(user, name)}\n`,
  );
  return (await Promise.all(rows)).join("");
}

function salt(key: string, purpose: string, bytes: number): Buffer {
  return createHmac("sha512", key).update(purpose).digest().subarray(0, bytes);
}

/** Mosquitto's `$7$` form: PBKDF2 with SHA-512, 101 rounds, as its password tool writes it. */
async function mosquittoHash(user: string, password: string, key: string): Promise<string> {
  const grain = salt(key, `mosquitto:${user}`, 12);
  const hash = await derive(password, grain, 101, 64, "sha512");
  return `$7$101$${grain.toString("base64")}$${hash.toString("base64")}`;
}

/** Low, because the passwords are long and random, and every preview computes it anew. */
const BCRYPT_COST = 5;

async function htpasswdHash(
  user: string,
  password: string,
  key: string,
  cost: number,
): Promise<string> {
  const grain = encodeBase64([...salt(key, `htpasswd:${user}`, 16)], 16);
  return bcrypt(password, `$2b$${String(cost).padStart(2, "0")}$${grain}`);
}

/** Authelia's advice for PBKDF2 with SHA-512. */
const AUTHELIA_ROUNDS = 310_000;

async function autheliaUsers(
  users: Readonly<Record<string, PortalUser>>,
  secret: (name: string) => string,
  key: string,
): Promise<string> {
  const entries = Object.entries(users).map(async ([name, user]) => {
    const grain = salt(key, `authelia:${name}`, 16);
    const hash = await derive(secret(user.secret), grain, AUTHELIA_ROUNDS, 64, "sha512");
    const password = `$pbkdf2-sha512$${AUTHELIA_ROUNDS}$${adapted(grain)}$${adapted(hash)}`;
    const { displayName, email, groups } = user;
    return [name, { displayname: displayName, email, groups: [...groups], password }] as const;
  });
  return stringify({ users: Object.fromEntries(await Promise.all(entries)) });
}

/**
 * 7 MiB and five rounds: of the equals in OWASP's cheat sheet on password storage (read 2026-11) the
 * one for little memory, which the page's container has.
 */
const ARGON = { memorySize: 7168, iterations: 5, parallelism: 1, hashLength: 32 } as const;

async function pageUsers(
  users: Readonly<Record<string, PageUser>>,
  secret: (name: string) => string,
  key: string,
): Promise<string> {
  // Only where there is such a page: it is no small program.
  const { argon2id } = await import("hash-wasm");
  const entries = Object.entries(users).map(async ([user, { role, secret: name }]) => {
    const grain = salt(key, `page:${user}`, 16);
    const password = secret(name);
    const hash = await argon2id({ ...ARGON, password, salt: grain, outputType: "encoded" });
    return { user, role, hash };
  });
  return `${JSON.stringify(await Promise.all(entries), null, 2)}\n`;
}

/** Base64 with "." for "+" and without padding, as these hashes are written. */
function adapted(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", ".").replaceAll("=", "");
}
