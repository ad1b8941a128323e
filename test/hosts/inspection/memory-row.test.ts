import { describe, expect, it } from "vitest";
import { parseAnswer } from "../../../hosts/inspection/answer.ts";
import { memoryRow } from "../../../hosts/inspection/memory-row.ts";
import { checkScript } from "../../../hosts/inspection/script.ts";
import { execaSync } from "execa";
import { IMAGE_CONTRACTS, hostNamed } from "../../support/fleet.ts";

const vps = hostNamed("vps");

describe("the check of a host's memory", () => {
  it("is content where all containers may use what they may at once", () => {
    expect(memoryRow(vps, 64 * 1024, IMAGE_CONTRACTS)).toMatchObject({
      check: "memory",
      state: "ok",
      remedy: "",
    });
  });

  it("warns by how much the limits exceed the machine, and names the largest", () => {
    const limits = { memory: "1GiB", cpus: 1 } as const;
    const [first, second] = vps.services;
    if (!first || !second) throw new Error("too few services");
    const services = [
      { ...first, limits },
      { ...second, limits: { ...limits, memory: "2GiB" } as const },
    ];
    expect(memoryRow({ ...vps, services }, 1024, [])).toEqual({
      check: "memory",
      state: "warning",
      seen: "limits of 3.0 GiB are 2.0 GiB more than the machine's 1.0 GiB",
      remedy: `give the machine more memory, or run less on it, or the kernel ends containers when all are busy; the largest are ${second.name} 2.0 GiB, ${first.name} 1.0 GiB (docs/memory.md)`,
    });
  });

  it("says so when not even what the programs need fits", () => {
    const [contract] = IMAGE_CONTRACTS;
    if (!contract) throw new Error("no contract");
    const floors = vps.services.map(({ image }) => ({
      ...contract,
      reference: image,
      memoryFloor: { value: "1GiB", source: "its manual" } as const,
    }));
    expect(memoryRow(vps, 1024, floors).seen).toContain(
      "even the 12.0 GiB that they need do not fit",
    );
  });

  it("asks the machine itself", () => {
    expect(parseAnswer("@memory\ttotal\t2048000").memory).toBe(2000);
    expect(parseAnswer("").memory).toBeUndefined();
    expect(memoryRow(vps, undefined, []).state).toBe("warning");
    const line = checkScript(vps, [])
      .split("\n")
      .find((one) => one.includes("/proc/meminfo"));
    const asked = execaSync("sh", ["-c", `fact() { echo "$3"; }; ${line ?? ""}`]).stdout;
    expect(Number(asked)).toBeGreaterThan(0);
  });
});
