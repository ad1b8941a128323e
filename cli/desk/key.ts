// The person's own key, with which an order is signed.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { SignedOrder } from "../../control-plane/contract/order.ts";
import { signOrder } from "../../control-plane/desk/sign.ts";
import { UserError } from "../../model/errors.ts";

/** Names the key where --key does not. */
const KEY_VARIABLE = "HOMELAB_DESK_KEY";

/**
 * File of the key: the one that is named, or ~/.ssh/id_ed25519. Of a key that only an agent has, the
 * public half is enough.
 * @param named by --key
 * @throws UserError HL-SIGN when there is none
 */
export function keyFile(
  named: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const path = named ?? environment[KEY_VARIABLE] ?? join(homedir(), ".ssh", "id_ed25519");
  const found = [path, `${path}.pub`].find((each) => existsSync(each));
  if (found !== undefined) return found;
  throw new UserError(
    "HL-SIGN",
    `there is no key "${path}"; name yours with --key or ${KEY_VARIABLE}, or make one: ssh-keygen -t ed25519`,
  );
}

/**
 * Signs an order.
 * @throws UserError HL-SIGN with what ssh-keygen says
 */
export async function sign(text: string, key: string): Promise<SignedOrder> {
  try {
    return await signOrder(text, key);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("HL-SIGN", `${why}; nothing was decided`);
  }
}
