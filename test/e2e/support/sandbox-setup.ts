import { up as sandboxUp } from "../../../sandbox/up.ts";
import { openLab, up, type Lab } from "./lab.ts";

/** Stacks that the tests find deployed. */
const DEPLOYED = ["vps", "nas", "docker-vm"] as const;

/** Brings the sandbox up and deploys every stack, so that each test starts from a whole homelab. */
export default async function setup(): Promise<void> {
  if (process.env["HOMELAB_E2E_SETUP"] === "skip") return;
  say("sandbox up");
  await sandboxUp({ reporter: { step: (name) => (say(name), () => undefined) } });
  const lab = await openLab();
  for (const stack of DEPLOYED) await deploy(lab, stack);
}

async function deploy(lab: Lab, stack: (typeof DEPLOYED)[number]): Promise<void> {
  say(`pulumi up -s ${stack}`);
  const result = await up(lab, stack);
  if (result.code !== 0) {
    throw new Error(
      `the homelab could not be deployed for the tests:\n${result.output.slice(-6000)}`,
    );
  }
  say(`${stack} deployed in ${result.seconds.toFixed(0)} s`);
}

function say(text: string): void {
  process.stdout.write(`[set-up] ${text}\n`);
}
