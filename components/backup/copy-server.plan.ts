import type { DeclaredApp } from "../../model/app.ts";
import type { HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import type { BackupProgram } from "./program.ts";

/**
 * The server of a program's copies under its name, for a household's list of apps; nothing where the
 * jobs write their copies themselves. On the storage it is what every job sends to, on another host
 * a second, empty one.
 */
export function copyServer(
  { server }: BackupProgram,
  site: Site,
  args: { readonly host: HostName },
): Record<string, DeclaredApp> {
  return server ? { [server.name]: server.app(site, args) } : {};
}
