// Keeps world/<host>.json as the facts say.
import { join } from "node:path";
import type { Disk } from "./disk.ts";
import type { Facts, HostFacts } from "../fold/facts.ts";
import { worldText } from "../fold/project.ts";

/** Writes the files of the world. */
export class WorldFiles {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #written = new Map<string, HostFacts>();

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /**
   * Writes what changed since the last time. After a power cut all are made anew from the log, so
   * none waits for the disk.
   * @throws what the disk says; each file is then old or new
   */
  async write({ hosts }: Facts): Promise<void> {
    for (const [host, facts] of Object.entries(hosts)) {
      if (this.#written.get(host) === facts) continue;
      await this.#disk.put(join(this.#folder, `${host}.json`), worldText(host, facts), false);
      this.#written.set(host, facts);
    }
  }

  /** Removes the files of hosts that are not declared. */
  async removeOthers({ hosts }: Facts): Promise<void> {
    for (const { name, isFolder } of await this.#disk.list(this.#folder)) {
      const [, host] = /^(.+)\.json$/.exec(name) ?? [];
      if (isFolder || host === undefined || Object.hasOwn(hosts, host)) continue;
      await this.#disk.remove(join(this.#folder, name));
      this.#written.delete(host);
    }
  }
}
