// How a token is presented and known: random, long, and kept as its SHA-256 alone.
import { createHash, timingSafeEqual } from "node:crypto";

/** Shorter ones could be guessed. */
const TOKEN = /^[A-Za-z0-9_-]{32,256}$/;
const SUM = /^[0-9a-f]{64}\n?$/;

/** The token of an Authorization header; undefined where it holds none. */
export function bearerOf(header: string | undefined): string | undefined {
  const [, token] = /^Bearer ([^ ]+)$/.exec(header ?? "") ?? [];
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** The SHA-256 in the text of a file: 64 hexadecimal digits; undefined for anything else. */
export function tokenSum(text: string): Buffer | undefined {
  return SUM.test(text) ? Buffer.from(text.trim(), "hex") : undefined;
}

/** Whether the sum is that of the token; takes the same time whatever is wrong. */
export function isTokenOf(token: string, sum: Buffer): boolean {
  return timingSafeEqual(createHash("sha256").update(token).digest(), sum);
}

/** Whose token it is. Every sum is compared, and each takes the same time. */
export function holderOf(sums: ReadonlyMap<string, Buffer>, token: string): string | undefined {
  let holder: string | undefined;
  for (const [name, sum] of sums) if (isTokenOf(token, sum)) holder = name;
  return holder;
}
