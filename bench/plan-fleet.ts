// What is worked out of a fleet's declarations before anything is reached: each stage by itself, so
// that its time and its steps can be told apart.
import { dotGraph, mermaidGraph, textGraph } from "../cli/graph/formats.ts";
import { graphReport } from "../cli/graph/report.ts";
import type { HostDeclaration } from "../model/declaration.ts";
import { buildGraph } from "../model/graph.ts";
import type { HostName } from "../model/host-names.ts";
import { hostPlan, parsePlan, serializePlan } from "../model/host-plan.ts";
import { contractsOf } from "../model/image-catalogue.ts";
import type { ImageLock } from "../model/image-reference.ts";
import { startOrder } from "../model/orders.ts";
import { problemText } from "../model/problem.ts";
import { deploymentProblems, findProblems } from "../model/validate.ts";
import type { Phase } from "../household/phase.ts";
import { documentedRestart } from "../household/documented-restart.ts";
import { longestRunSeconds, startPlan } from "../programs/boot/start-plan.ts";
import { declareGenerated } from "./generated-fleet.ts";

/** The stages, in order. */
export const STAGES = ["declared", "validated", "planned", "drawn"] as const;
/** One of STAGES. */
export type Stage = (typeof STAGES)[number];

/** Runs the work of each stage; `around` is handed the work, e.g. to take the time. */
export function planFleet(
  apps: ReadonlyMap<HostName, Phase[]>,
  around: <T>(stage: Stage, work: () => T) => T,
): void {
  const hosts = around("declared", () => declareGenerated(apps));
  around("validated", () => validate(hosts));
  around("planned", () => plan(hosts));
  around("drawn", () => draw(hosts));
}

/** @throws Error with the first mistakes: a generated fleet has none */
function validate(hosts: readonly HostDeclaration[]): void {
  const lock = lockOf(hosts);
  const problems = [
    ...findProblems(hosts, contractsOf(hosts)),
    ...hosts.flatMap(({ host }) => deploymentProblems({ hosts, host, lock, given: [] })),
  ].filter(({ path }) => !path.startsWith("homelab:"));
  if (problems.length === 0) return;
  throw new Error(problems.slice(0, 5).map(problemText).join("\n"));
}

/** What each host boots by, as it is written there and read back, and the orders of all. */
function plan(hosts: readonly HostDeclaration[]): void {
  const lock = lockOf(hosts);
  for (const host of hosts) {
    const { plan: readBack } = parsePlan(serializePlan(hostPlan(host, lock, "")), host.host);
    startPlan(readBack);
    longestRunSeconds(readBack);
  }
  const graph = buildGraph(hosts);
  startOrder(graph);
  documentedRestart(graph, hosts);
}

function draw(hosts: readonly HostDeclaration[]): void {
  const report = graphReport(hosts, "all");
  for (const format of [textGraph, mermaidGraph, dotGraph]) format(report);
}

function lockOf(hosts: readonly HostDeclaration[]): ImageLock {
  const digest = `sha256:${"0".repeat(64)}`;
  const images = hosts.flatMap(({ services }) => services.map(({ image }) => image));
  return { version: 1, images: Object.fromEntries(images.map((image) => [image, digest])) };
}
