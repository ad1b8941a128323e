import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { HostShell } from "../../../deploy/staged/host-files.ts";
import { placesBelow, type Places } from "../../../deploy/staged/places.ts";

/** A folder that stands for a host, and its shell, which is this computer's. */
export function localHost(): { folder: string; places: Places; shell: HostShell } {
  const folder = mkdtempSync(join(tmpdir(), "homelab-host-"));
  const shell: HostShell = async (input) => {
    const { exitCode, stdout, stderr } = await execa("sh", ["-s"], { input, reject: false });
    return { exitCode: exitCode ?? -1, greeting: "", stdout, stderr };
  };
  return {
    folder,
    places: placesBelow(join(folder, "root"), join(folder, "run/deploying")),
    shell,
  };
}
