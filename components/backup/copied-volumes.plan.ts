import type { CopyJob } from "../../model/copy-job.ts";
import type { VolumeDeclaration } from "../../model/declaration.ts";

/**
 * What a job copies for apps that have none of their own, in the given order: another one would
 * make its container anew.
 * @param volumes of its host; those that another job copies are passed over
 * @param job its container name, for one that copies what names it. @default it copies the rest
 */
export function copiedVolumes(
  volumes: readonly VolumeDeclaration[],
  job?: string,
): Pick<Required<CopyJob>, "data" | "sqlite" | "excludes"> {
  const copied = volumes.flatMap(({ name, copied: how }) =>
    how && how.by === job ? [{ volume: name, ...how }] : [],
  );
  const excludes = copied.flatMap(({ at, excludes: patterns = [] }) =>
    patterns.map((pattern) => (pattern.startsWith("/") ? `${at}${pattern}` : pattern)),
  );
  const isPath = (pattern: string) => (pattern.startsWith("/") ? 1 : 0);
  return {
    data: copied.map(({ volume, at }) => ({ volume, target: at })),
    sqlite: copied.flatMap(({ at, databases = [] }) => databases.map((file) => `${at}/${file}`)),
    excludes: [...new Set(excludes)].toSorted((a, b) => isPath(a) - isPath(b)),
  };
}
