import { runThere, shellOf } from "../../deploy/staged/host-files.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { quote } from "../../model/shell-text.ts";
import { hostNamed } from "../arguments.ts";
import { print, printJson } from "../output.ts";
import { releaseAnswerSchema } from "./answer.ts";

/** How `homelab release` was called. */
export interface ReleaseOptions {
  /** Folder on the host below which the state of deployments is kept. */
  readonly root: string;
  readonly json: boolean;
}

/** Lets a host that is held be deployed again; does nothing to one that is not. Answers the exit code. */
export async function release(hostText: string, { root, json }: ReleaseOptions): Promise<number> {
  const host = hostNamed(hostText);
  const held = quote(placesBelow(root).held);
  const script = `[ ! -e ${held} ] || echo held\nrm -f ${held}\n`;
  const said = await runThere(host, shellOf(host), script, { what: "changed" });
  if (json) printJson(releaseAnswerSchema, { host, wasHeld: said.trim() === "held" });
  else
    print(`${host}: released; \`npx homelab deploy ${host}\` brings what the checkout declares.`);
  return 0;
}
