import { createHash, createHmac } from "node:crypto";

/** Length of a fingerprint in hexadecimal digits: 64 bits, enough to notice every change. */
const DIGITS = 16;

/** Fingerprint of a value without secrets. Objects count as equal whatever their key order. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, DIGITS);
}

/**
 * Fingerprint of a text that may hold a secret. It is keyed, because a plain hash of a short
 * password, readable in a container's labels, could be guessed.
 */
export function secretFingerprint(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex").slice(0, DIGITS);
}

/** JSON with sorted keys and without undefined fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
