// What the page says of the orchestrator's last boot.
import type { BootProfile } from "./boot-profile.ts";
import { markdownTable, seconds } from "./markdown.ts";

/** The chain that ended last, and whose processor time the boot took. */
export function bootText({ chain, processor }: BootProfile): string {
  let since = 0;
  const rows = chain.map(({ name, untilStarted, untilThere }) => {
    since += untilStarted + untilThere;
    return [name, seconds(untilStarted), seconds(untilThere), seconds(since)];
  });
  const table = markdownTable(
    ["the chain that ended last", "until it ran", "until the next could go on", "since the boot"],
    rows,
  );
  return [
    `The boot orchestrator's last boot. "Until it ran" is what the critical path leaves out: of the first the start of the program, of all the wait for a free place and the engine's own work until there is a process.\n\n${table}`,
    ...(processor ? [processorText(processor)] : []),
  ].join("\n\n");
}

function processorText({
  containers,
  orchestrator,
  engine,
}: NonNullable<BootProfile["processor"]>): string {
  const all = containers + orchestrator + engine;
  return `In it, of ${seconds(all)} of processor time ${seconds(containers)} was that of the containers and their health checks, ${seconds(engine)} the engine's with all that it starts to make and check them, and ${seconds(orchestrator)} the orchestrator's.`;
}
