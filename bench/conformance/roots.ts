// What the images of the real programs stand on: the sandbox's own base, or a Debian 13 with the
// programs that are nearer to the declared versions there, or that need its Python.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { baseLayer, type BaseLayer } from "../../sandbox/images/base.ts";
import type { Store } from "../../sandbox/images/store.ts";
import type { RootName } from "./real-program.ts";

const FOLDER = fileURLToPath(new URL("roots", import.meta.url));

/** Lists of each root beside the packages of all: more packages, then Python requirements. */
const LISTS: Readonly<Record<Exclude<RootName, "sandbox">, readonly string[]>> = {
  debian: ["debian.txt"],
  "home-assistant": [
    "home-assistant.txt",
    "home-assistant.requirements.txt",
    "home-assistant.more.py",
  ],
  changedetection: ["changedetection.txt", "changedetection.requirements.txt"],
  glances: ["glances.txt", "glances.requirements.txt"],
};

/**
 * The layer of a root; made when the store has none of it (minutes).
 * @throws UserError when this is not root or a program is missing
 */
export function rootLayer(store: Store, name: RootName): Promise<BaseLayer> {
  if (name === "sandbox") return baseLayer(store);
  const lists = ["packages.txt", ...LISTS[name]].map((list) => join(FOLDER, list));
  return baseLayer(store, { name: `root-${name}`, files: [join(FOLDER, "build.sh"), ...lists] });
}
