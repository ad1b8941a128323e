import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MACHINES, sandboxNetwork } from "../../sandbox/addresses.ts";
import { knownHosts, shellQuoted, sshArgv, sshConfig } from "../../sandbox/ssh.ts";

const FOLDER = "/var/lib/homelab-sandbox";
const network = sandboxNetwork();

describe("the ssh configuration", () => {
  const text = sshConfig(FOLDER, network);

  it("has an alias with an address for every machine", () => {
    for (const machine of MACHINES) {
      expect(text).toContain(`Host ${machine}\n  HostName ${network.machines[machine]}\n`);
    }
  });

  it("trusts the pinned keys", () => {
    expect(text).toContain(`UserKnownHostsFile ${FOLDER}/ssh/known_hosts`);
    expect(text).not.toContain("StrictHostKeyChecking");
  });

  it("says no more than a user's own who followed the README: address, user, key, known hosts", () => {
    const words = new Set(text.split("\n").flatMap((line) => line.trim().split(" ")[0] || []));
    const known = ["Host", "HostName", "User", "IdentityFile", "UserKnownHostsFile"];
    expect([...words]).toEqual(known);
  });
});

it("pins each machine's key under its alias and its address", () => {
  const key = (name: string) => ({ publicKey: `ssh-ed25519 KEY${name} comment` });
  const hosts = { vps: key("v"), nas: key("n"), "docker-vm": key("d") };
  expect(knownHosts(MACHINES, network, hosts)).toBe(
    "vps,198.18.77.11 ssh-ed25519 KEYv\n" +
      "nas,198.18.77.12 ssh-ed25519 KEYn\n" +
      "docker-vm,198.18.77.10 ssh-ed25519 KEYd\n",
  );
});

it("runs a command on a machine through the sandbox's own configuration", () => {
  const argv = sshArgv(FOLDER, "nas", ["docker", "ps"]);
  expect(argv.slice(0, 3)).toEqual(["ssh", "-F", `${FOLDER}/ssh/config`]);
  expect(argv.slice(-4)).toEqual(["nas", "--", "docker", "ps"]);
});

it("gives a shell every argument back unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (argument) => {
      fc.pre(!argument.includes("\0"));
      const said = execFileSync("sh", ["-c", `printf %s ${shellQuoted(argument)}`], {
        encoding: "utf8",
      });
      expect(said).toBe(argument);
    }),
    { numRuns: 40 },
  );
});
