// (f): what differs on all hosts, in one look of ours and by Pulumi's refresh of each stack.
import { step } from "../sandbox/reporter.ts";
import { HOSTS } from "../model/host-names.ts";
import { runPulumi } from "../workspace/pulumi-events.ts";
import { runHomelab } from "./homelab.ts";
import { timedWork, type Bench } from "./measure-ups.ts";
import type { Comparison } from "./results.ts";
import { rotated } from "./statistics.ts";

/** Measures both ways. Every stack has to be deployed: a host that differs fails the first one. */
export async function measureDrift(bench: Bench): Promise<Comparison> {
  const { lab } = bench;
  const rows = [
    {
      id: "drift",
      what: "`homelab drift` of all hosts",
      look: () => runHomelab(lab, ["drift"]),
      seconds: [] as number[],
    },
    {
      id: "refresh",
      what: `\`pulumi preview --refresh\` of ${HOSTS.join(", ")}, one after another`,
      look: async () => {
        for (const stack of HOSTS)
          await runPulumi(lab.env, ["preview", "--refresh", "--stack", stack]);
      },
      seconds: [] as number[],
    },
  ];
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const row of rotated(rows, round)) {
      const look = () => timedWork(row.look);
      const name = `round ${round + 1}: ${row.what}`;
      const { seconds } = await step(bench.reporter, name, look);
      row.seconds.push(seconds);
    }
  }
  return {
    letter: "f",
    baseline: "refresh",
    rows: rows.map(({ id, what, seconds }) => ({ id, what, seconds })),
  };
}
