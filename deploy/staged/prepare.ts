import { UserError } from "../../model/errors.ts";
import { lookAtPresentHost } from "../drift/look-at-host.ts";
import type { Pulled } from "../images/pull.ts";
import type { RunContext } from "./run-context.ts";

/**
 * The lock is held, the checkout is what it is. Says so, and looks whether the host's engine
 * answers. Every image is there when it is over, or named with who needs it: nothing was stopped yet.
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
  if (run.pulled) await notePulled(run, await run.pulled());
  const closed = Object.entries(look.observation.conditions).filter(([, { open }]) => !open);
  for (const [gate, { seen }] of closed) note(`gate ${gate} is closed: ${seen}`);
  note(`${look.containers.length} containers there, ${run.services.length} services to deploy`);
}

/** What is missing holds back who needs it, when `up` comes to that, and nobody else here. */
async function notePulled(
  { journal, services }: RunContext,
  { text, failed }: Pulled,
): Promise<void> {
  const note = (message: string): void =>
    journal.note({ event: "note", stage: "prepare", message });
  note(`images: ${text}`);
  for (const [image, why] of failed) {
    const users = services.filter((service) => service.image === image).map(({ name }) => name);
    note(`${image} cannot be pulled (${why}); needed by ${users.join(", ")}`);
  }
  await journal.flush();
}
