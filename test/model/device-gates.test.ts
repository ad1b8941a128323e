import { describe, expect, it } from "vitest";
import type { HostDeclaration, Requirement } from "../../model/declaration.ts";
import { devicesToLookFor, unguardedDevices } from "../../model/device-gates.ts";
import { hosts } from "../support/fleet.ts";

/** A host whose one service passes a device in and requires these. */
function host(...requires: Requirement[]): HostDeclaration {
  return {
    host: "docker-vm",
    networks: [],
    volumes: [],
    gates: [
      { name: "dri", kind: "device", path: "/dev/dri", remedy: "" },
      { name: "usb", kind: "device", path: "/dev/bus/usb", remedy: "" },
    ],
    services: [
      {
        name: "app",
        stack: "media",
        phase: 12,
        image: "docker.io/library/app:1.0",
        networks: [],
        health: { test: ["CMD", "true"] },
        limits: { memory: "64MiB", cpus: 1 },
        category: "media",
        devices: ["/dev/dri"],
        requires,
      },
    ],
  };
}

const on = (gate: string, strength: "hard" | "soft"): Requirement => ({
  on: `gate:${gate}`,
  condition: "healthy",
  strength,
});

describe("a device of a service", () => {
  it("has to be behind a gate that looks for it, for the engine starts nothing without it", () => {
    for (const requires of [[], [on("usb", "hard")]]) {
      expect(unguardedDevices(host(...requires))).toEqual([
        {
          path: "docker-vm.app.devices[0]",
          message: expect.stringContaining('require a gate of kind "device"') as string,
        },
      ]);
    }
    expect(unguardedDevices(host(on("dri", "hard")))).toEqual([]);
    expect(unguardedDevices(host(on("dri", "soft")))).toEqual([]);
  });

  it("is looked for on the host where the service can do without it, and only then", () => {
    expect(devicesToLookFor(host(on("dri", "soft")))).toEqual(["/dev/dri"]);
    expect(devicesToLookFor(host(on("dri", "hard")))).toEqual([]);
  });

  it("is the graphics device of the Docker VM, which Jellyfin and Frigate can do without", () => {
    expect(hosts.map((one) => [one.host, devicesToLookFor(one)])).toEqual([
      ["vps", []],
      ["nas", []],
      ["docker-vm", ["/dev/dri"]],
    ]);
  });
});
