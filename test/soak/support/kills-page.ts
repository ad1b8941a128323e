// The page of deployments that were killed: each round is a row, and rows add up over runs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../support/rooms.ts";

const PAGE = join(CHECKOUT, "docs", "soak-kills.md");

/** One killed deployment, and what came of it. */
export interface KilledRound {
  readonly number: number;
  /** Seconds after its start. */
  readonly killedAfter: number;
  /** Whether the processes that it had started were killed with it. */
  readonly withChildren: boolean;
  /** Where it was then: "vps deploy", or "locks". */
  readonly reached: string;
  /** Containers that were removed before, on all hosts. */
  readonly removed: number;
  /** Of `--resume`. */
  readonly resumedSeconds: number;
  /** In words, what is not as it has to be. */
  readonly problems: readonly string[];
  /** Commit that was deployed, shortened. */
  readonly commit: string;
}

const ROW = /^\| \d+ \|.*\| (.*) \|$/gm;

/** Rows of earlier runs. */
export function earlierRows(): string[] {
  if (!existsSync(PAGE)) return [];
  return readFileSync(PAGE, "utf8").match(ROW) ?? [];
}

/** A round as it stands on the page. */
export function rowOf(round: KilledRound): string {
  const { number, killedAfter, withChildren, reached, removed, resumedSeconds, problems } = round;
  const cells = [
    ...[String(number), round.commit, `${killedAfter.toFixed(1)} s`, withChildren ? "yes" : "no"],
    ...[reached, String(removed), `${resumedSeconds.toFixed(1)} s`],
    problems.join("; ").replaceAll("|", "/").replaceAll("\n", " ") || "yes",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The page with these rows. */
export function killsPage(rows: readonly string[]): string {
  const good = rows.filter((row) => row.endsWith("| yes |")).length;
  return `# Deployments killed at random

Written by \`make soak\` (\`test/soak/deployer-kills.test.ts\`); each run adds its rounds, as many as \`HOMELAB_SOAK_ROUNDS\` says.

${good} of ${rows.length} as they have to be.

| round | commit | killed after | with its Pulumi | reached | removed before | resumed in | as it has to be |
| ---: | --- | ---: | --- | --- | ---: | ---: | --- |
${rows.join("\n")}

In each round some containers are removed by hand on every host, \`homelab deploy\` of all hosts is begun and killed (SIGKILL) at a random moment, and \`homelab deploy --resume\` follows. Afterwards: it ended with 0 and nobody cancelled a lock; every service is healthy; no container that was not removed, and none whose service was ready before the kill, was made anew; every stage is complete, no file is torn or half written, no lock or mark is left; and a preview has nothing to change.
`;
}

/** Adds a round to the page. */
export function addRound(round: KilledRound): void {
  writeFileSync(PAGE, killsPage([...earlierRows(), rowOf(round)]));
}
