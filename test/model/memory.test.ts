import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { memoryDemand, memoryPage, memoryText } from "../../model/memory.ts";
import type { Bytes } from "../../model/units.ts";
import { IMAGE_CONTRACTS, hosts } from "../support/fleet.ts";

const [contract] = IMAGE_CONTRACTS;
if (!contract) throw new Error("no contract");

function service(name: string, image: string, memory: Bytes): ServiceDeclaration {
  return {
    name,
    stack: "tools",
    phase: 2,
    image,
    networks: [],
    health: { test: ["CMD", "true"] },
    limits: { memory, cpus: 1 },
    category: "tools",
  };
}

const host: HostDeclaration = {
  host: "nas",
  networks: [],
  volumes: [],
  gates: [],
  services: [
    service("one", contract.reference, "1GiB"),
    service("two", contract.reference, "256MiB"),
    service("three", "docker.io/library/other:1.0", "64MiB"),
  ],
};

describe("the memory of a host", () => {
  it("adds up limits, and the floors that are known", () => {
    const known = { ...contract, memoryFloor: { value: "100MiB", source: "its manual" } } as const;
    expect(memoryDemand(host, [known])).toEqual({ limits: 1344, floors: 200, unknown: 1 });
    expect(memoryDemand(host, [])).toEqual({ limits: 1344, floors: 0, unknown: 3 });
  });

  it("is written in the unit that people count in", () => {
    expect(memoryText(64)).toBe("64 MiB");
    expect(memoryText(2624)).toBe("2.6 GiB");
  });

  it("is what docs/memory.md says", async () => {
    await expect(memoryPage(hosts, IMAGE_CONTRACTS)).toMatchFileSnapshot(
      join(import.meta.dirname, "../../docs/memory.md"),
    );
  });
});
