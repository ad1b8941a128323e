// Which images run, and in whose containers.
import type { State } from "../../contract/page-api.ts";

/** An image, by the reference that containers were made from. */
export interface ImageRow {
  /** Without its digest. */
  readonly id: string;
  /** Services that have it, as "<host>/<name>"; sorted. */
  readonly services: readonly string[];
  /** All digests of it that run; none where it is not pinned. */
  readonly digests: readonly string[];
  /** When the one was looked at that was longest not looked at. */
  readonly at: string;
}

/** All of them, by name. */
export function imageRows({ hosts }: Pick<State, "hosts">): ImageRow[] {
  const rows = new Map<string, ImageRow>();
  for (const { host, services } of hosts) {
    for (const [name, { container }] of Object.entries(services)) {
      if (container === null) continue;
      const { image, digest, at } = container;
      const id = image.split("@", 1)[0] ?? image;
      const known = rows.get(id) ?? { id, services: [], digests: [], at };
      const isNew = digest !== null && !known.digests.includes(digest);
      rows.set(id, {
        id,
        services: [...known.services, `${host}/${name}`].sort(),
        digests: isNew ? [...known.digests, digest] : known.digests,
        at: at < known.at ? at : known.at,
      });
    }
  }
  return [...rows.values()].sort((a, b) => a.id.localeCompare(b.id));
}
