// The certificate of a host's reverse proxy, by its dates alone.
import * as z from "zod";
import { line, time } from "./words.ts";

/** Schema of what was seen of the one that has the least of its time left. */
export const shownCertificate = z.object({
  /** Site that was asked for, e.g. "vault.example.com". */
  name: line,
  notBefore: time,
  notAfter: time,
});

/** What was seen of a certificate. */
export type ShownCertificate = z.infer<typeof shownCertificate>;

/**
 * Which share of its time a certificate still has: 1 for one that begins, 0 or less for one that is
 * over.
 * @param now milliseconds since 1970
 */
export function shareLeft(
  { notBefore, notAfter }: Pick<ShownCertificate, "notBefore" | "notAfter">,
  now: number,
): number {
  const end = Date.parse(notAfter);
  return (end - now) / Math.max(1, end - Date.parse(notBefore));
}
