import type { ComposeService } from "../resolve/project.ts";
import { plainOf, type Printable } from "../write/code.ts";
import type { Context } from "./context.ts";
import { isDatabaseFolder } from "./database.ts";
import type { TranslatedImage } from "./image.ts";
import type { Volumes } from "./volumes.ts";

/**
 * Says of the volume of a database how it is copied: by the dump, if there is one; else that is
 * for a person to decide, for its files are no copy while it writes them.
 */
export function markDatabase(
  service: ComposeService,
  image: TranslatedImage,
  mounts: readonly Printable[],
  isDumped: boolean,
  volumes: Volumes,
  { findings }: Context,
): void {
  const named = mounts.map((mount) => plainOf(mount) as { volume?: string; target: string });
  (service.fields.volumes ?? []).forEach(({ target }, index) => {
    if (!isDatabaseFolder(target, image)) return;
    const name = named.find((mount) => mount.target === target)?.volume;
    const volume = volumes.all().find((one) => one.name === name);
    if (!volume) return;
    if (isDumped) {
      volumes.add({ ...volume, notes: [], kind: "dumped" });
      return;
    }
    const note = findings.decide(
      service.place("volumes", index),
      `how the database of "${service.name}" is copied: files that it writes meanwhile may be torn in the copy. For PostgreSQL databaseDump does it (components/data/database-dump.plan.ts); for another one let something of its own write a dump into a volume`,
    );
    volumes.add({ ...volume, notes: [note] });
  });
}
