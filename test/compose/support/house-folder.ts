import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../support/rooms.ts";

/**
 * A folder like the checkout, into which apps can be written: what they import leads to the
 * checkout's own, and nothing that is written gets there.
 * @param folder that is made so. @default one of its own
 */
export function houseFolder(folder = mkdtempSync(join(tmpdir(), "homelab-house-"))): string {
  mkdirSync(join(folder, "components"), { recursive: true });
  mkdirSync(join(folder, "test"), { recursive: true });
  for (const domain of readdirSync(join(CHECKOUT, "components"), { withFileTypes: true })) {
    if (!domain.isDirectory()) continue;
    const path = join("components", domain.name);
    // File by file: what is written into a domain that is there must not get into the checkout.
    mkdirSync(join(folder, path));
    for (const file of readdirSync(join(CHECKOUT, path))) {
      symlinkSync(join(CHECKOUT, path, file), join(folder, path, file));
    }
  }
  for (const path of ["model", "hosts", "node_modules", "test/support", "package.json"]) {
    symlinkSync(join(CHECKOUT, path), join(folder, path));
  }
  return folder;
}
