// (c) and (d): previews of what is deployed and unchanged, beside those of an empty program.
import { step } from "../sandbox/reporter.ts";
import { HOST } from "./lab.ts";
import { breakdown, type Bench } from "./measure-ups.ts";
import { runPulumi } from "../workspace/pulumi-events.ts";
import type { Breakdown, Comparison } from "./results.ts";
import { rotated } from "./statistics.ts";

/** What the previews showed. */
export interface PreviewResults {
  readonly comparison: Comparison;
  readonly breakdowns: readonly Breakdown[];
}

/** Measures one kind of preview. The stack has to be deployed: a preview that finds changes fails. */
export async function measurePreviews(bench: Bench, letter: "c" | "d"): Promise<PreviewResults> {
  const flags = letter === "c" ? ["--refresh=false"] : [];
  const text = ["`pulumi preview", ...flags].join(" ");
  const { lab, empty } = bench;
  const full = ["preview", ...flags, "--expect-no-changes", "--stack", HOST];
  const rows = [
    {
      id: "pulumi",
      what: `${text} -s ${HOST}\``,
      preview: () => runPulumi(lab.env, full),
      seconds: [] as number[],
    },
    {
      id: "empty",
      what: `${text}\` of an empty program`,
      preview: () => runPulumi(empty.env, ["preview", ...flags, "--stack", "empty"]),
      seconds: [] as number[],
    },
  ];
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const row of rotated(rows, round)) {
      const preview = await step(bench.reporter, `round ${round + 1}: ${row.what}`, row.preview);
      row.seconds.push(preview.seconds);
    }
  }
  // Apart from the measured ones, which print what a person sees.
  const told = await runPulumi(lab.env, [...full, "--json"]);
  return {
    comparison: {
      letter,
      baseline: "empty",
      rows: rows.map(({ id, what, seconds }) => ({ id, what, seconds })),
    },
    breakdowns: [breakdown(`${text} -s ${HOST}\``, told)],
  };
}
