import { imageOf } from "../../hosts/engine/container-changes.ts";
import { nameOf, type InspectedContainer } from "../../hosts/engine/inspect.ts";
import { containerState } from "../../model/engine-container.ts";
import { lookAtHost, type AwayHost } from "../drift/look-at-host.ts";
import type { HostLook } from "../drift/look.ts";
import type { Receipt } from "../staged/receipt.ts";
import type { RunContext } from "../staged/run-context.ts";
import { untilStable, type Sample } from "../staged/verify.ts";

/**
 * Looks until the host has exactly the containers of a receipt, healthy, and the same in several looks.
 * @throws HostError HL-DEPLOY-UNHEALTHY that names each that is not
 */
export async function verifyReceipt(run: RunContext, receipt: Receipt): Promise<void> {
  await untilStable(run, async () => receiptSample(receipt, await lookAtHost(run.declared)));
  const count = Object.keys(receipt.services).length;
  const message = `${count} containers are those of the receipt, and healthy`;
  run.journal.note({ event: "note", stage: "verify", message });
}

/** What one look says of the containers of a receipt. */
export function receiptSample(
  receipt: Pick<Receipt, "services">,
  look: HostLook | AwayHost,
): Sample {
  const services = Object.entries(receipt.services);
  if ("away" in look) {
    return { troubles: new Map(services.map(([name]) => [name, look.found])), marks: new Map() };
  }
  const troubles = new Map<string, string>();
  const marks = new Map<string, string>();
  let isFinal = false;
  for (const [name, made] of services) {
    const container = look.containers.find((one) => nameOf(one) === name);
    const other = differenceFrom(look, name, made);
    const trouble = other ?? (container && healthTrouble(container));
    if (trouble !== undefined) troubles.set(name, trouble);
    if (other !== undefined) isFinal = true;
    if (container) marks.set(name, `${container.Id} ${container.State.StartedAt ?? ""}`);
  }
  return { troubles, marks, isFinal };
}

/** What of a service's container is not as a receipt has it, and stays so; undefined when nothing is. */
export function differenceFrom(
  look: HostLook,
  name: string,
  made: Receipt["services"][string],
): string | undefined {
  const container = look.containers.find((one) => nameOf(one) === name);
  return container ? otherwise(container, made, look) : "has no container";
}

function otherwise(
  container: InspectedContainer,
  made: Receipt["services"][string],
  look: HostLook,
): string | undefined {
  const { Config } = container;
  const digest = made.image.slice(made.image.indexOf("@"));
  const names = [Config.Image, ...(imageOf(container, look.images)?.RepoDigests ?? [])];
  if (!names.some((name) => name.endsWith(digest))) return `is not of the image ${made.image}`;
  if (Config.Labels?.["homelab.spec"] !== made.spec) return "was made from another declaration";
  return undefined;
}

function healthTrouble({ State }: InspectedContainer): string | undefined {
  const state = containerState(State);
  return state === "healthy" ? undefined : `is ${state ?? State.Status}`;
}
