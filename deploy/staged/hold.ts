// Somebody went back to an earlier deployment: the host stays there until it is released.
import { z } from "zod";
import { UserError } from "../../model/errors.ts";

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

/** @throws UserError HL-DEPLOY-HELD */
export function assertNotHeld(host: string, hold: Hold | undefined): void {
  if (!hold) return;
  const { receipt, commit, by, since } = hold;
  throw new UserError(
    "HL-DEPLOY-HELD",
    `${host} is held at the deployment of ${receipt}, commit ${commit.slice(0, 12)}, by ${by} since ${since}; \`npx homelab release ${host}\` lets it be deployed again`,
  );
}
