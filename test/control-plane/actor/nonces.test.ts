import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noncesIn, type Nonces } from "../../../control-plane/actor/nonces.ts";
import { disk } from "../../../control-plane/disk/disk.ts";

const NONCE = "a".repeat(32);
const OTHER = "b".repeat(32);
const DAY = 24 * 3600_000;

function opened(): { folder: string; nonces: () => Nonces } {
  const folder = mkdtempSync(join(tmpdir(), "nonces-"));
  return { folder, nonces: () => noncesIn(disk, folder) };
}

describe("an order's nonce", () => {
  it("is used once, whatever end the second order with it has, and after a restart, too", () => {
    const { nonces } = opened();
    expect(nonces().use(NONCE, DAY)).toBe(true);
    expect(nonces().use(NONCE, DAY)).toBe(false);
    expect(nonces().use(NONCE, 9 * DAY)).toBe(false);
    expect(nonces().use(OTHER, DAY)).toBe(true);
  });

  it("is used when a crash left its file empty", () => {
    const { folder, nonces } = opened();
    nonces().use(OTHER, DAY);
    writeFileSync(join(folder, "used", NONCE), "");
    nonces().forget(100 * DAY);
    expect(nonces().use(NONCE, 200 * DAY)).toBe(false);
  });

  it("is forgotten long after its order's end, and the order is not good again when the clock is set back", () => {
    const { folder, nonces } = opened();
    nonces().use(NONCE, DAY);
    nonces().forget(7 * DAY);
    expect(disk.list(join(folder, "used"))).toEqual([NONCE]);
    nonces().forget(9 * DAY);
    expect(disk.list(join(folder, "used"))).toEqual([]);
    expect(nonces().use(NONCE, DAY)).toBe(false);
    expect(nonces().use(NONCE, DAY + 1)).toBe(true);
  });

  it("is never good while it cannot be read what was forgotten", () => {
    const { folder, nonces } = opened();
    writeFileSync(join(folder, "forgotten_until"), "");
    expect(nonces().use(NONCE, 100 * DAY)).toBe(false);
  });

  it.each(["", "../x", "A".repeat(32), "a".repeat(31)])("is none that is %j", (nonce) => {
    expect(opened().nonces().use(nonce, DAY)).toBe(false);
  });
});
