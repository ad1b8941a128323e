// Tells of the deployment of this host that is under way, from the log that it writes here: whole each
// time, so a newer text begins with the older one.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { deploymentIn } from "../../../control-plane/contract/deployment.ts";
import type { Happening } from "../../../control-plane/contract/events.ts";

/** Longest log that is read, in bytes; one of 60 services has some 30,000. */
const LONGEST_LOG = 4 * 1024 * 1024;

/** What one Observer was told of deployments. */
export class ToldDeployments {
  readonly #folder: string;
  /** The newest log; undefined before the first was seen. */
  #log: { readonly name: string; readonly seen: string; readonly told: number } | undefined;
  #isFirst = true;

  /** @param folder of the logs, which only root writes */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Tells what is new. Of a log that was there before it is told only while that deployment goes on.
   * @param isDeploying whether one is under way, by its mark
   */
  async tell(tell: (happening: Happening) => void, isDeploying: boolean): Promise<void> {
    const isFirst = this.#isFirst;
    const name = await newestLog(this.#folder);
    this.#isFirst = false;
    if (name === undefined) return;
    const path = join(this.#folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (!facts?.isFile() || facts.size > LONGEST_LOG) return;
    const seen = `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
    const before = this.#log?.name === name ? this.#log : undefined;
    if (before?.seen === seen) return;
    const all = deploymentIn(await readFile(path, "utf8").catch(() => ""));
    const isOver = isFirst && (!isDeploying || all.at(-1)?.step === "ended");
    const first = isOver ? all.length : (before?.told ?? 0);
    for (const told of all.slice(first)) tell({ kind: "deployment", ...told });
    this.#log = { name, seen, told: Math.max(first, all.length) };
  }
}

/** Name of the newest log; their names are in the order of the deployments. */
async function newestLog(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^deploy_.*\.log$/.test(name))
    .sort()
    .at(-1);
}
