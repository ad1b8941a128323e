import { Code, noted, type Printable } from "../write/code.ts";

/** A volume that the app is going to have. */
export interface DraftVolume {
  readonly name: string;
  /** Where its data is today, for `homelab adopt`; undefined for one that is new or keeps its name. */
  readonly from: string | undefined;
  /** What a person has to decide about it. */
  readonly notes: readonly string[];
  /** dumped: a database that is dumped into the copy; files: copied as files. */
  readonly kind: "dumped" | "files";
}

/** The volumes of the services, each once. */
export class Volumes {
  readonly #all = new Map<string, DraftVolume>();

  add(volume: DraftVolume): void {
    const known = this.#all.get(volume.name);
    this.#all.set(volume.name, {
      ...volume,
      notes: [...(known?.notes ?? []), ...volume.notes],
      kind: known?.kind === "dumped" ? "dumped" : volume.kind,
    });
  }

  all(): readonly DraftVolume[] {
    return [...this.#all.values()];
  }
}

/**
 * The volumes as a plan declares them.
 * @param job whether a job of the app's own copies them; else that of the host does
 */
export function declaredVolumes(
  volumes: readonly DraftVolume[],
  job: boolean,
  dump: Printable,
): Printable[] {
  const declared = volumes.map(({ name, notes, kind }) =>
    noted(
      notes,
      job
        ? { name, ...(kind === "dumped" && { neverLose: true }) }
        : { name, copied: { at: `/data/${name}` } },
    ),
  );
  return dump instanceof Code ? [...declared, dump] : declared;
}
