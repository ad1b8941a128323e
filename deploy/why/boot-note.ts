import type { BootRecord } from "../../model/boot-record.ts";
import { oneLine } from "./quote.ts";

/**
 * What the host's orchestrator says of a service that does not run; undefined when it says nothing
 * that the engine does not say itself.
 */
export function bootNote(record: BootRecord | undefined, service: string): string | undefined {
  const seen = record?.services[service];
  switch (seen?.state) {
    case "held":
      return `the boot orchestrator holds it back without ${seen.by ?? "what it needs"}, and starts it when that is there`;
    case "waiting":
    case "starting":
      return "the boot orchestrator is about to start it";
    case "crashed":
      return "the boot orchestrator starts it again in a moment";
    case "stopping":
      return "the boot orchestrator has it stopped, and starts it again";
    case "stopped":
      return "somebody stopped it, so nothing starts it before the next boot";
    case "failed":
      return seen.reason === undefined
        ? "the boot orchestrator gave it up"
        : `the boot orchestrator gave it up: ${oneLine(seen.reason)}`;
    default:
      return undefined;
  }
}
