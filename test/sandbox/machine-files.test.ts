import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MACHINES, sandboxNetwork } from "../../sandbox/addresses.ts";
import {
  authorizedKeys,
  hostsText,
  machineFiles,
  machineFolders,
} from "../../sandbox/machine-files.ts";

const network = sandboxNetwork();
const folder = mkdtempSync(join(tmpdir(), "machine-files-"));
const secret = join(folder, "key");
writeFileSync(secret, "PRIVATE");
const pair = (name: string) => ({ file: secret, publicKey: `ssh-ed25519 ${name} ${name}` });
const keys = {
  user: pair("user"),
  exports: pair("exports"),
  hosts: { vps: pair("vps"), nas: pair("nas"), "docker-vm": pair("docker-vm") },
};

describe("a machine's files", () => {
  it("keep every private key readable by root alone", async () => {
    for (const machine of MACHINES) {
      const files = await machineFiles(machine, network, keys, secret);
      const open = files.filter((file) => file.content === "PRIVATE" && file.mode !== 0o600);
      expect(open.map((file) => file.path)).toEqual([
        "/etc/ssl/certs/ca-certificates.crt",
        "/usr/local/share/ca-certificates/sandbox.crt",
      ]);
    }
  });

  it("let nobody in by password", async () => {
    const files = await machineFiles("vps", network, keys, secret);
    const sshd = files.find((file) => file.path.includes("sshd_config.d"))?.content;
    expect(sshd).toContain("PasswordAuthentication no");
    expect(sshd).toContain("PermitRootLogin prohibit-password");
  });

  it("give the exports' key to the Docker VM alone", async () => {
    const holders: string[] = [];
    for (const machine of MACHINES) {
      const files = await machineFiles(machine, network, keys, secret);
      if (files.some((file) => file.path === "/root/.ssh/nas-exports")) holders.push(machine);
    }
    expect(holders).toEqual(["docker-vm"]);
  });
});

it("lets the Docker VM move files on the NAS and do nothing else there", () => {
  expect(authorizedKeys("nas", keys)).toContain(
    'restrict,command="internal-sftp" ssh-ed25519 exports',
  );
  expect(authorizedKeys("vps", keys)).toBe("ssh-ed25519 user user\n");
});

it("answers for the public registries inside the sandbox", () => {
  const line = hostsText("docker-vm", network)
    .split("\n")
    .find((one) => one.startsWith(`${network.registry} `));
  expect(line?.split(" ")).toEqual(
    expect.arrayContaining([
      "registry-1.docker.io",
      "ghcr.io",
      "lscr.io",
      "gcr.io",
      "codeberg.org",
    ]),
  );
});

it("makes none of the folders below /srv, which are the deployment's to make", () => {
  expect(machineFolders().some((path) => path.startsWith("/srv"))).toBe(false);
});
