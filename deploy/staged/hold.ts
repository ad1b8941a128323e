// Somebody went back to an earlier deployment: the host stays there until it is released.
import { z } from "zod";
import { UserError } from "../../model/errors.ts";
import { quote } from "../../model/shell-text.ts";
import { runThere, type HostShell } from "./host-files.ts";
import type { Places } from "./places.ts";

const holdSchema = z.looseObject({
  /** When the deployment began at whose receipt the host is held. */
  receipt: z.string(),
  commit: z.string(),
  /** user@computer. */
  by: z.string(),
  /** ISO 8601. */
  since: z.string(),
});

/** That a host is held; state/deploy/held.json. */
export type Hold = z.infer<typeof holdSchema>;

/** The hold in a text. Somebody meant one that cannot be read, so it counts, too. */
export function holdIn(text: string): Hold {
  const unread = { receipt: "unknown", commit: "unknown", by: "unknown", since: "unknown" };
  try {
    return holdSchema.safeParse(JSON.parse(text)).data ?? unread;
  } catch {
    return unread;
  }
}

/** In words, that a host is held, and what ends that. */
export function holdText(host: string, { receipt, commit, by, since }: Hold): string {
  return `${host} is held at the deployment of ${receipt}, commit ${commit.slice(0, 12)}, by ${by} since ${since}; \`npx homelab release ${host}\` lets it be deployed again`;
}

/** The error of who deploys a host that is held. */
export function heldError(host: string, hold: Hold): UserError {
  return new UserError("HL-DEPLOY-HELD", holdText(host, hold));
}

/** At what a host is held; undefined when it is not. */
export async function readHold(
  host: string,
  shell: HostShell,
  places: Places,
): Promise<Hold | undefined> {
  const path = quote(places.held);
  // Something before the text: an empty file is a hold, too.
  const script = `[ ! -e ${path} ] || { echo held; cat ${path}; }\n`;
  const output = await runThere(host, shell, script, { what: "read" });
  return output === "" ? undefined : holdIn(output.slice("held\n".length));
}
