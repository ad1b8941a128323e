import { runThere, shellOf } from "../../deploy/staged/host-files.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { quote } from "../../model/shell-text.ts";
import { hostNamed } from "../arguments.ts";
import { print } from "../output.ts";

/** Lets a host that is held be deployed again; does nothing to one that is not. */
export async function release(hostText: string, root: string): Promise<number> {
  const host = hostNamed(hostText);
  const { held } = placesBelow(root);
  await runThere(host, shellOf(host), `rm -f ${quote(held)}\n`, { what: "changed" });
  print(`${host}: released; \`npx homelab deploy ${host}\` brings what the checkout declares.`);
  return 0;
}
