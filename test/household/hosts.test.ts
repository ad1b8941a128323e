import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ENTRIES, type HostEntry, type Role } from "../../household/hosts.ts";
import {
  hasRole,
  HOSTS,
  HOUSEHOLD_NAME,
  hostsAtHome,
  hostWith,
  isHostName,
  titleOf,
} from "../../model/host-names.ts";
import { CHECKOUT } from "../support/rooms.ts";

const ROLES: readonly Role[] = ["coordinator", "storage", "home"];
const entries: readonly HostEntry[] = ENTRIES;

/** Rooms that know hosts by their roles alone. */
const ROOMS = [
  ...["model", "hosts", "components", "compose", "programs", "stacks", "workspace", "deploy"],
  "cli",
];

/** Speaks of the sandbox's machines, which have names of their own. */
const OF_THE_SANDBOX = "cli/commands/sandbox.ts";

describe("the hosts of this home", () => {
  it("have each role once, so that who asks for it knows whom it gets", () => {
    for (const role of ROLES) {
      const named = entries.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
      expect(named, role).toEqual([hostWith(role)]);
      expect(hasRole(hostWith(role), role)).toBe(true);
    }
  });

  it("have names and titles of their own, the names as ssh and Pulumi take them", () => {
    expect(new Set(HOSTS).size).toBe(entries.length);
    expect(new Set(HOSTS.map(titleOf)).size).toBe(entries.length);
    for (const host of HOSTS) expect(host).toMatch(/^[a-z][a-z0-9-]*$/);
    expect([isHostName("docker-vm"), isHostName("rpi4")]).toEqual([true, false]);
  });

  it("are at home, but for the coordinator", () => {
    expect(hostsAtHome()).toEqual(["nas", "docker-vm"]);
  });

  it("are named by nobody but the household: everybody else asks for a role", () => {
    const names = HOSTS.join("|");
    const named = new RegExp(
      `"(${names})"|\\b(hosts|certificates|fleet|stacks)(\\.|\\[")(${names})\\b|[{](mesh|lan):(${names})[}]|on: "(${names})/|` +
        `(-s|ssh|ssh -t|/mnt/|gate:|tag:) ?(${names})\\b|\\b${HOUSEHOLD_NAME}\\b`,
    );
    const found = ROOMS.flatMap((room) =>
      readdirSync(join(CHECKOUT, room), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && `${room}/${file}` !== OF_THE_SANDBOX)
        .flatMap((file) =>
          readFileSync(join(CHECKOUT, room, file), "utf8")
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => !/^(\*|\/\/|\/\*)/.test(line) && named.test(line))
            .map((line) => `${room}/${file}: ${line}`),
        ),
    );
    expect(found).toEqual([]);
  });
});
