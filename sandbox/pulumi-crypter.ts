// Encrypts stack config values as Pulumi's passphrase provider does, so that a new sandbox writes
// some forty secrets in one go. `pulumi config set --secret` takes one at a time and most of a
// second for each, and the form that takes many has them in its arguments, for every user to see.
//
// The format, as Pulumi has kept it since version 1: a key from PBKDF2 (SHA-256, one million
// rounds) over passphrase and salt; a value is "v1:<nonce>:<ciphertext with tag>", AES-256-GCM,
// base64; the stack file's encryptionsalt is "v1:<salt>:" and the word "pulumi" encrypted. An
// end-to-end test reads a value back with the real pulumi.
import { createCipheriv, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { isMixed } from "../model/secrets.ts";

const ROUNDS = 1_000_000;
const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;

/** Encrypts values for one stack file. */
export interface Crypter {
  /** The stack file's `encryptionsalt`. */
  readonly salt: string;
  /** A value as it stands in the stack file below `secure`. */
  readonly encrypt: (value: string) => string;
}

/**
 * The crypter of a stack file.
 * @param existing the file's `encryptionsalt`, when it has one. @default a new one is made
 */
export async function crypterFor(passphrase: string, existing?: string): Promise<Crypter> {
  const salt =
    existing === undefined
      ? randomBytes(SALT_BYTES)
      : Buffer.from(existing.split(":")[1] ?? "", "base64");
  const key = await promisify(pbkdf2)(passphrase, salt, ROUNDS, KEY_BYTES, "sha256");
  const encrypt = (value: string): string => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([
      cipher.update(value, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  return { salt: existing ?? `v1:${salt.toString("base64")}:${encrypt("pulumi")}`, encrypt };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * A secret's value in a sandbox: letters and digits, some of each kind, that follow from the
 * sandbox's own random passphrase, so that stacks that share a secret agree without anyone storing
 * it twice.
 * @param length - of characters, at least 3
 */
export function derivedSecret(passphrase: string, name: string, length: number): string {
  for (let attempt = 0; ; attempt += 1) {
    const value = derivedText(passphrase, attempt === 0 ? name : `${name} ${attempt}.`, length);
    if (isMixed(value)) return value;
  }
}

function derivedText(passphrase: string, name: string, length: number): string {
  let text = "";
  for (let block = 0; text.length < length; block += 1) {
    for (const byte of createHmac("sha512", passphrase).update(`${name} ${block}`).digest()) {
      // Bytes above the largest multiple of 62 would make some letters likelier than others.
      if (byte < 248) text += LETTERS[byte % LETTERS.length];
    }
  }
  return text.slice(0, length);
}
