import { ROOT } from "./paths.ts";

/** Folder of a host in which a person keeps a folder for each service that has something of its own. */
export const CONFIG_FOLDER = `${ROOT}/config`;

/** What a service has on its host otherwise than it is declared, as Compose writes it. */
export const OVERRIDE_NAME = "docker-compose.override.yml";

/** Values that an override is filled in from. */
export const ENV_NAME = ".env";

/** A file of a person's in the folder of a service. */
export interface OverrideFile {
  /** Name of the folder. */
  readonly service: string;
  /** Name of the file, e.g. "docker-compose.override.yml". */
  readonly name: string;
  /** What stands in it; undefined when it was not read. */
  readonly text: string | undefined;
  /** Why it was not read: others than root can write it or it is no plain file, or it is too large. */
  readonly unread: "unsafe" | "large" | undefined;
}

/** All such files of a host, and how large it is. */
export interface OverrideFiles {
  readonly files: readonly OverrideFile[];
  /** Memory of the machine in MiB; undefined when it did not say, or nothing is overridden. */
  readonly memory: number | undefined;
  /** Processors of the machine; undefined likewise. */
  readonly cpus: number | undefined;
}

/** Of a host on which nothing is overridden. */
export const NO_OVERRIDES: OverrideFiles = { files: [], memory: undefined, cpus: undefined };

/** Where such a file lies on the host. */
export function overridePath({ service, name }: Pick<OverrideFile, "service" | "name">): string {
  return `${CONFIG_FOLDER}/${service}/${name}`;
}
