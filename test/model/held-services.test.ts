import { describe, expect, it } from "vitest";
import { heldServices } from "../../model/held-services.ts";
import { hostNamed } from "../support/fleet.ts";

const vm = hostNamed("docker-vm");

describe("who is held back by a closed gate", () => {
  it("is who cannot run without it, and nobody else", () => {
    expect([...heldServices(vm, new Set(["nas-photos"]))]).toEqual([
      ["immich-server", ["nas-photos"]],
    ]);
    expect(heldServices(vm, new Set(["nas-frigate", "dri", "mesh"])).size).toBe(0);
    expect(heldServices(vm, new Set()).size).toBe(0);
  });

  it("is also who has an image that cannot be had", () => {
    const [first] = vm.services;
    const held = heldServices(vm, new Set(["nas-photos"]), new Set([first?.image ?? ""]));
    expect(held.get(first?.name ?? "")).toEqual([first?.image]);
    expect(held.get("immich-server")).toEqual(["nas-photos"]);
  });

  it("is also who needs one of those, in whatever order they are declared", () => {
    const [first] = vm.services;
    if (!first) throw new Error("no service");
    const service = (name: string, on: string, strength: "hard" | "soft" = "hard") => ({
      ...first,
      name,
      requires: [{ on, condition: "healthy" as const, strength }],
    });
    const services = [
      service("third", "docker-vm/second"),
      service("second", "first"),
      service("first", "gate:a"),
      service("beside", "first", "soft"),
      service("elsewhere", "nas/first"),
    ];
    const held = heldServices({ host: "docker-vm", services }, new Set(["a", "b"]));
    expect(Object.fromEntries(held)).toEqual({ first: ["a"], second: ["a"], third: ["a"] });
  });
});
