import { UserError } from "../../model/errors.ts";
import { lookAtPresentHost } from "../drift/look-at-host.ts";
import type { RunContext } from "./run-context.ts";

/**
 * The lock is held, the checkout is what it is. Says so, and looks whether the host's engine
 * answers and is there for every image that is declared.
 * @throws HostError HL-UNREACHABLE, HL-ENGINE; UserError HL-LOCK
 */
export async function prepare(run: RunContext): Promise<void> {
  const { journal, declared } = run;
  const note = (message: string): void =>
    journal.note({ event: "note", stage: "prepare", message });
  note(`checkout ${run.update}`);
  const unpinned = run.services.filter(({ image }) => !(image in declared.lock.images));
  if (unpinned.length > 0) {
    throw new UserError(
      "HL-LOCK",
      `no digest is locked for ${unpinned.map(({ image }) => image).join(", ")}; \`npx homelab images lock\``,
    );
  }
  const look = await lookAtPresentHost(declared);
  const closed = Object.entries(look.observation.conditions).filter(([, { open }]) => !open);
  for (const [gate, { seen }] of closed) note(`gate ${gate} is closed: ${seen}`);
  note(`${look.containers.length} containers there, ${run.services.length} services to deploy`);
}
