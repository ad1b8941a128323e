import * as pulumi from "@pulumi/pulumi";
import { HetznerServer } from "../components/machine/hetzner-server.ts";
import { askMachine, expectMachine } from "../components/machine/machine-access.ts";
import { pinned } from "../model/image-reference.ts";
import type { StackSettings } from "./context.ts";
import { knownValue } from "./known-value.ts";

/**
 * Rents the stack's machine if the site wants that, before anything else, and makes sure that the
 * host's alias leads to it. A machine that is there already needs nothing.
 *
 * @returns false in a preview that would rent the machine: there is no host yet to plan the rest on
 * @throws HostError HL-MACHINE-AWAITED, HL-MACHINE-OTHER, HL-MACHINE-SETUP
 */
export async function machineStands(settings: StackSettings): Promise<boolean> {
  const { host, fleet, lock, secret } = settings;
  const { machine } = fleet[host].declaration;
  if (!machine) return true;
  // Loading it would make every preview of everybody else wait.
  const sdk = await import("@pulumi/hcloud");
  const server = new HetznerServer(`${host}-machine`, {
    sdk,
    machine,
    token: secret("hcloud-token"),
    meshClient: pinned(machine.meshClient, lock.images[machine.meshClient] ?? ""),
  });
  const addresses = await knownValue(pulumi.all([server.ipv4, server.ipv6]));
  const answer = await askMachine(host);
  if (addresses === undefined) {
    await pulumi.log.warn(
      `the machine does not exist yet: \`pulumi up\` rents it, and then says how to let \`ssh ${host}\` lead to it; everything else follows with the next one`,
    );
    // A machine that answers is the one that is to be replaced: what runs there stays until then.
    return !("unreachable" in answer);
  }
  const [ipv4, ipv6] = addresses;
  expectMachine(host, { name: machine.name, ipv4, ipv6 }, answer);
  return true;
}
