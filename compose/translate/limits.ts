import { toMebibytes, type Bytes } from "../../model/units.ts";
import type { Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import type { TranslatedImage } from "./image.ts";

/** Where nothing is said and nothing is known. */
const MEMORY: Bytes = "512MiB";
const CPUS = 1;

/** Memory and processors; every container has a limit of both. */
export function translateLimits(
  service: ComposeService,
  image: TranslatedImage,
  { findings }: Context,
): Printable {
  const { deploy, mem_limit: older, cpus: olderCpus } = service.fields;
  const said = deploy?.resources?.limits?.memory ?? older;
  const cpus = deploy?.resources?.limits?.cpus ?? olderCpus;
  const floor = image.contract.memoryFloor.value;
  const isLarge = floor !== undefined && toMebibytes(floor) > toMebibytes(MEMORY);
  let memory = said ?? (isLarge ? floor : MEMORY);
  if (said === undefined) {
    findings.assumed(
      service.place("image"),
      `a limit of ${memory}${isLarge ? ", the least the program works in" : ""}; \`docker stats\` shows what it uses`,
    );
  } else if (floor !== undefined && toMebibytes(said) < toMebibytes(floor)) {
    findings.changed(
      service.place(older === undefined ? "deploy" : "mem_limit"),
      `${said} is below ${floor}, the least the program works in`,
    );
    memory = floor;
  }
  return { memory, cpus: cpus === undefined || !(cpus > 0) ? CPUS : cpus };
}
