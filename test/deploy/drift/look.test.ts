import { describe, expect, it } from "vitest";
import { lookScript, parseLook } from "../../../deploy/drift/look.ts";
import { UnreadableFact } from "../../../hosts/engine/inspect.ts";
import { hostPlan, serializePlan } from "../../../model/host-plan.ts";
import { hostNamed } from "../../support/fleet.ts";
import { isValidShell } from "../../support/shell.ts";
import { hostAsDeclared, lockOf } from "./imitated-host.ts";

const host = hostNamed("docker-vm");
const lock = lockOf(host);
const plan = hostPlan(host, lock, "c0ffee");
const began = "2026-01-02T03:00:00.000Z";
const record = { version: 1, host: "docker-vm", began, gates: {}, services: {} };

describe("the look at a host", () => {
  it("is one script that a POSIX shell can read", () => {
    expect(isValidShell(lookScript(host, plan.gates))).toBe(true);
  });

  it("reads back what the engine and the observation say, each in its lines", () => {
    const { containers, images, networks, volumes } = hostAsDeclared(host, lock);
    const lines = (kind: string, all: readonly unknown[]): string[] =>
      all.map((one) => `@${kind} ${JSON.stringify(one)}`);
    const look = parseLook(
      [
        ...lines("container", containers),
        ...lines("image", images),
        ...lines("network", networks),
        ...lines("volume", volumes),
        "@clock 1767323045",
        `@plan ${serializePlan(plan).trimEnd()}`,
        `@boot ${JSON.stringify(record)}`,
        "device /dev/dri",
        "file caddy token ok",
        "file pihole token changed",
      ].join("\n"),
    );
    expect(look.containers).toEqual(containers);
    expect(look.images).toEqual(images);
    expect(look.networks).toEqual(networks);
    expect(look.volumes).toEqual(volumes);
    expect(look.planDigest).toBe(plan.digest);
    expect(look.clock).toBe(1767323045);
    expect(look.boot).toEqual(record);
    expect(look.observation).toMatchObject({
      devices: ["/dev/dri"],
      files: { caddy: "token", pihole: undefined },
    });
  });

  it("takes a plan or a record that somebody broke for none", () => {
    expect(parseLook("@plan {broken").planDigest).toBeUndefined();
    expect(parseLook("@boot {broken").boot).toBeUndefined();
  });

  it.each(['@container {"Id":"canary"', '@container {"Id":"canary"}'])(
    "quotes nothing of a line that it cannot read: %s",
    (line) => {
      expect(() => parseLook(line)).toThrow(UnreadableFact);
      expect(() => parseLook(line)).toThrow(/^what the engine says of a container could not/);
    },
  );
});
