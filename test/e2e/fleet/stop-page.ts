import type { ImageEntry } from "../../../sandbox/images/types.ts";

/** How one container ended when it was asked to. */
export interface StopTime {
  /** "<host>/<container>". */
  readonly id: string;
  /** Image that it runs, as it is declared. */
  readonly image: string;
  /** Time to stop that the engine knows of it, in seconds; NaN where it knows none. */
  readonly known: number;
  readonly seconds: number;
  readonly exitCode: number;
}

/** docs/stop-times.md: one row for each container, those that took longest first. */
export function stopTimesPage(stops: readonly StopTime[], images: readonly ImageEntry[]): string {
  const kind = (image: string) =>
    images.find(({ reference }) => reference === image)?.kind ?? "unknown";
  const rows = stops
    .toSorted((a, b) => b.seconds - a.seconds || a.id.localeCompare(b.id))
    .map(
      ({ id, image, known, seconds, exitCode }) =>
        `| ${id} | ${kind(image)} | ${known} s | ${seconds.toFixed(1)} s | ${exitCode} |`,
    );
  return `# Stop times

How long each container took to end when it was asked to, beside the time that it declares and the engine gives it. All of a host's containers were stopped at once, in the sandbox, six at a time.

"real" is the program itself, "mixed" the program in part, "stand-in" a program of the sandbox below the original's process tree: of that the way of the signal counts, not the time (\`sandbox/images/README.md\`). Exit code 0 and 143: it ended by itself.

Written by a run: \`HOMELAB_WRITE_DOCS=1 npx vitest run --project e2e test/e2e/fleet/stop.test.ts\`.

| container | program | allowed | took | exit code |
|---|---|---:|---:|---:|
${rows.join("\n")}
`;
}
