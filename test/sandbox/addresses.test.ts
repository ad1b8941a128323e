import { describe, expect, it } from "vitest";
import { UserError } from "../../model/errors.ts";
import {
  hubPort,
  type MachineName,
  MACHINES,
  machineNamed,
  sandboxId,
  sandboxNetwork,
  userInterface,
} from "../../sandbox/addresses.ts";

describe("the sandbox's addresses", () => {
  it("differ for every part of a sandbox", () => {
    const { user, registry, machines } = sandboxNetwork();
    const all = [user, registry, ...Object.values(machines)];
    expect(new Set(all).size).toBe(all.length);
  });

  it("are those the homelab's documents give the machines", () => {
    expect(sandboxNetwork("198.18.78").machines).toEqual({
      "docker-vm": "198.18.78.10",
      vps: "198.18.78.11",
      nas: "198.18.78.12",
    });
  });

  it.each(["192.168.0", "198.20.1", "198.18", "198.18.256", "198.18.77.0", "198.18.x", ""])(
    "refuse %j, which could be someone's real network or is none",
    (prefix) => {
      expect(() => sandboxNetwork(prefix)).toThrow(UserError);
    },
  );
});

describe("the sandbox's names", () => {
  it("differ for two folders, so that two sandboxes run side by side", () => {
    expect(sandboxId("/var/lib/a")).not.toBe(sandboxId("/var/lib/b"));
  });

  it("fit into the kernel's 15 characters for an interface", () => {
    const names = [userInterface(sandboxId("/x")), hubPort("user"), ...MACHINES.map(hubPort)];
    for (const name of names) expect(name.length).toBeLessThanOrEqual(15);
  });

  it("differ for two cables whose machines have long names", () => {
    const long = ["computer-of-the-study", "computer-of-the-stairs"] as string[] as MachineName[];
    const [study = "", stairs = ""] = long.map(hubPort);
    expect(study).not.toBe(stairs);
    expect(study).toHaveLength(15);
  });

  it("name the machines there are when someone asks for another", () => {
    expect(() => machineNamed("laptop")).toThrow(/vps, nas, docker-vm/);
  });
});
