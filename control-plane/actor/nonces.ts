// Which orders were used. A file for each, made before anything is done: of two processes, or of one
// before and after a crash, one makes it.
import { join } from "node:path";
import { randomId } from "../contract/words.ts";
import type { Disk } from "../disk/disk.ts";

/** Remembers the orders that were used. */
export interface Nonces {
  /**
   * Uses an order up; false when it was used before, or is so old that it may have been.
   * @param expires of the order, in milliseconds since 1970
   */
  use(nonce: string, expires: number): boolean;
  /** Forgets those that nobody could use any more. @param now milliseconds since 1970 */
  forget(now: number): void;
}

/** Longer than an order lives, with every tolerance. */
const KEPT_MS = 7 * 24 * 3600_000;

/** @param folder of its own, that nobody else writes */
export function noncesIn(disk: Disk, folder: string): Nonces {
  const used = join(folder, "used");
  const horizon = join(folder, "forgotten_until");
  // Whoever sets the clock back brings no order back that was forgotten meanwhile.
  const forgottenUntil = (): number => {
    const text = disk.read(horizon);
    if (text === undefined) return 0;
    return /^\d{1,16}\n$/.test(text) ? Number(text) : Infinity;
  };
  return {
    use: (nonce, expires) => {
      if (!randomId.safeParse(nonce).success || !(expires > forgottenUntil())) return false;
      return disk.create(join(used, nonce), `${expires}\n`);
    },
    forget: (now) => {
      const old = disk.list(used).flatMap((nonce) => {
        const text = disk.read(join(used, nonce)) ?? "";
        const expires = /^\d{1,16}\n$/.test(text) ? Number(text) : undefined;
        // What cannot be read is kept: it was used.
        return expires !== undefined && expires + KEPT_MS < now ? [{ nonce, expires }] : [];
      });
      if (old.length === 0) return;
      const until = Math.max(...old.map(({ expires }) => expires));
      const before = forgottenUntil();
      if (until > before) disk.write(horizon, `${until}\n`);
      for (const { nonce } of old) disk.remove(join(used, nonce));
    },
  };
}
