import { runOnHost, Unreachable } from "../../hosts/remote-shell.ts";
import { HostError } from "../../model/errors.ts";

/** A machine as the provider knows it. */
export interface RentedMachine {
  /** Name at the provider. */
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/** The first boot installs packages; on a slow mirror that takes minutes. */
const FIRST_BOOT_SECONDS = 600;

/** The first boot, and what the machine needs to say so. */
const LONGEST_SECONDS = FIRST_BOOT_SECONDS + 60;

/**
 * Prints the addresses of the machine that answers, then how its first boot ended. One that was
 * not set up by cloud-init has nothing to wait for.
 */
const ACCESS_SCRIPT = `
echo "addresses $(hostname -I)"
command -v cloud-init >/dev/null || { echo 'first-boot 0'; exit 0; }
timeout ${FIRST_BOOT_SECONDS} cloud-init status --wait >/dev/null 2>&1
echo "first-boot $?"
`;

/** What cloud-init's exit codes mean; 2 is "done, with something it could make good itself". */
const FIRST_BOOT_DONE = ["0", "2"];

/** What a machine said of itself, or why it did not. */
export type Answer =
  | { readonly addresses: readonly string[]; readonly firstBoot: string }
  | { readonly unreachable: string };

/** Asks the machine behind an ssh alias who it is, and waits for the end of its first boot. */
export async function askMachine(alias: string): Promise<Answer> {
  try {
    const { exitCode, stdout, stderr } = await runOnHost(alias, ACCESS_SCRIPT, LONGEST_SECONDS);
    return exitCode === 0 ? parseAnswer(stdout) : { unreachable: stderr.trim() };
  } catch (error) {
    if (error instanceof Unreachable) return { unreachable: error.reason };
    throw error;
  }
}

/** The answer in the lines that the script printed. */
export function parseAnswer(output: string): Answer {
  const value = (key: string) => new RegExp(`^${key} (.*)$`, "m").exec(output)?.[1] ?? "";
  return {
    addresses: value("addresses").split(" ").filter(Boolean),
    firstBoot: value("first-boot"),
  };
}

/**
 * Makes sure that the ssh alias leads to the rented machine, and that the machine is set up.
 * Whoever deploys tells ssh where it is: the program neither writes into the person's ssh
 * configuration nor trusts a key that nobody has compared (docs/adr/0011-a-rented-vps-in-two-steps.md).
 * @throws HostError HL-MACHINE-AWAITED, HL-MACHINE-OTHER or HL-MACHINE-SETUP, each with what to do
 */
export function expectMachine(alias: string, machine: RentedMachine, answer: Answer): void {
  if ("unreachable" in answer) {
    throw new HostError(
      "HL-MACHINE-AWAITED",
      alias,
      `the rented machine stands at ${machine.ipv4} and ${machine.ipv6}, but \`ssh ${alias}\` does not reach it (${answer.unreachable}). ${pointTheAlias(alias, machine)}`,
    );
  }
  if (!answer.addresses.includes(machine.ipv4)) {
    throw new HostError(
      "HL-MACHINE-OTHER",
      alias,
      `the rented machine stands at ${machine.ipv4} and ${machine.ipv6}, but \`ssh ${alias}\` leads to one with ${answer.addresses.join(", ") || "no address"}, on which nothing was changed. ${pointTheAlias(alias, machine)}`,
    );
  }
  if (!FIRST_BOOT_DONE.includes(answer.firstBoot)) {
    throw new HostError(
      "HL-MACHINE-SETUP",
      alias,
      `the rented machine ${machine.ipv4} was not set up: cloud-init ended with ${answer.firstBoot}. \`ssh ${alias} cloud-init status --long\` says why; mend it there, then repeat the command.`,
    );
  }
}

function pointTheAlias(alias: string, { ipv4 }: RentedMachine): string {
  return `What is left to do:
  1. ~/.ssh/config:   Host ${alias}
                        HostName ${ipv4}
                        User root
  2. Its host key:    ssh-keyscan -t ed25519 ${ipv4} >> ~/.ssh/known_hosts
     and compare \`ssh-keygen -l -F ${ipv4}\` with the fingerprint that the machine's console at Hetzner shows.
  3. Repeat the command; it waits for the end of the first boot and goes on.
The machine is kept meanwhile, and nothing else was changed.`;
}
