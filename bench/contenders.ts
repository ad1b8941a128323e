// Who brings the same containers up: ours, and what people use in its place.
import { runPulumi, type PulumiRun } from "../workspace/pulumi-events.ts";
import type { Compose } from "./compose.ts";
import { runHomelab } from "./homelab.ts";
import { HOST, type Lab } from "./lab.ts";

/** `pulumi up` without a question. */
export const PULUMI_UP = ["up", "--yes", "--skip-preview"];

/** One who brings everything up, and the same again. */
export interface Contender {
  /** Short and stable, e.g. "merged". */
  readonly id: string;
  /** What is run from nothing. */
  readonly what: string;
  /** What is run again. */
  readonly again: string;
  /** Brings everything up; answers once all is healthy. */
  readonly up: () => Promise<PulumiRun | undefined>;
  /** Fetched from a registry for this run: one that fails is left out, with the reason. */
  readonly fromOutside?: boolean;
}

/** What contenders work with. */
interface Contest {
  readonly lab: Lab;
  readonly compose: Compose;
  /** Ours and the merged project alone. */
  readonly short: boolean;
  /** See outside.ts. */
  readonly outside: readonly Contender[];
}

/** Everybody, ours last: its containers are the ones that stay. */
export function contendersOf({ lab, compose, short, outside }: Contest): Contender[] {
  const stacks = {
    id: "stacks",
    what: "Compose, stack by stack with `up -d --wait`",
    again: "Compose, every stack again",
    up: none(compose.stackByStack),
  };
  const merged = {
    id: "merged",
    what: "Compose, one hand-merged project with `up -d --wait`",
    again: "Compose, the merged project again",
    up: none(compose.merged),
  };
  const deploy = {
    id: "deploy",
    what: `\`homelab deploy ${HOST}\``,
    again: `\`homelab deploy ${HOST}\``,
    // The checkout stays at the commit that is measured.
    up: none(() => runHomelab(lab, ["deploy", HOST, "--offline"])),
  };
  const pulumi = {
    id: "pulumi",
    what: `\`pulumi up -s ${HOST}\``,
    again: `\`pulumi up -s ${HOST}\``,
    up: () => runPulumi(lab.env, [...PULUMI_UP, "--stack", HOST, "--json"]),
  };
  return short ? [merged, pulumi] : [stacks, merged, ...outside, deploy, pulumi];
}

function none(work: () => Promise<void>): () => Promise<undefined> {
  return () => work().then(() => undefined);
}
