import * as pulumi from "@pulumi/pulumi";
import { execaSync } from "execa";
import { expect, it } from "vitest";
import { createContainer } from "../../../components/core/container.ts";
import { Host } from "../../../components/core/host.ts";
import { deviceFacts, EMPTY_OBSERVATION, parseObservation } from "../../../hosts/observation.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { recordProgram } from "../../support/recorded-program.ts";

const IMAGE = "docker.io/library/app:1.0";

const service: ServiceDeclaration = {
  name: "app",
  stack: "media",
  phase: 12,
  image: IMAGE,
  networks: [{ name: "net" }],
  health: { test: ["CMD", "true"] },
  limits: { memory: "64MiB", cpus: 1 },
  category: "media",
  devices: ["/dev/dri", "/dev/ttyUSB0"],
  requires: [
    { on: "gate:dri", condition: "healthy", strength: "soft" },
    { on: "gate:stick", condition: "healthy", strength: "hard" },
  ],
};

const declaration: HostDeclaration = {
  host: "docker-vm",
  networks: [{ name: "net" }],
  volumes: [],
  gates: [
    { name: "dri", kind: "device", path: "/dev/dri", remedy: "" },
    { name: "stick", kind: "device", path: "/dev/ttyUSB0", remedy: "" },
  ],
  services: [service],
};

/** Devices that the container gets on a host that says this of itself. */
async function passedIn(name: string, said: string): Promise<string[]> {
  const resources = await recordProgram("docker-vm", {}, async () => {
    const host = new Host(name, {
      declaration,
      observation: { ...EMPTY_OBSERVATION, ...parseObservation(said) },
      lock: { version: 1, images: { [IMAGE]: `sha256:${"0".repeat(64)}` } },
      contracts: [],
      secret: () => pulumi.secret(""),
    });
    createContainer(
      "app",
      { host, declaration: service, volumes: new Map(), filesFingerprint: undefined },
      { parent: host },
    );
    return Promise.resolve({});
  });
  const container = resources.find(({ type }) => type === "docker:index/container:Container");
  const devices = container?.inputs["devices"] as { readonly hostPath: string }[];
  return devices.map(({ hostPath }) => hostPath);
}

it("a device that is soft is passed in where it is there, and one that is hard always", async () => {
  expect(await passedIn("there", "device /dev/dri\n")).toEqual(["/dev/dri", "/dev/ttyUSB0"]);
  expect(await passedIn("away", "")).toEqual(["/dev/ttyUSB0"]);
}, 60_000);

it("the host says which of the devices that it is asked for are there", () => {
  const said = execaSync("sh", ["-s"], { input: deviceFacts(["/dev/null", "/dev/none such"]) });
  expect(parseObservation(said.stdout).devices).toEqual(["/dev/null"]);
});
