import { beforeAll, describe, expect, it } from "vitest";
import type { RecordedResource } from "../support/recorded-program.ts";
import { recordStack } from "../support/stack-program.ts";
import { tailnetRun } from "../support/tailnet-site.ts";

let resources: RecordedResource[] = [];

beforeAll(async () => {
  resources = await recordStack("nas", {
    ...tailnetRun,
    // The VPS's stack was deployed, but with Headscale: its tags are none of the tailnet's.
    outputs: { "vps.meshCoordinator": "https://hs.home.example" },
  });
}, 120_000);

describe("the program of a NAS whose tailnet the VPS's stack has not set up yet", () => {
  it("asks Tailscale for nothing", () => {
    expect(resources.filter(({ type }) => type.includes("tailscale"))).toEqual([]);
  });

  it("says what is to be deployed first, and goes on without the mesh", () => {
    const enrolment = resources.find(({ name }) => name === "mesh-enrolment");
    expect(enrolment?.inputs["stdin"]).toMatch(/^echo '.*pulumi up -s vps.*' >&2\n$/);
    const gate = resources.find(({ name }) => name === "gate-mesh");
    expect(gate?.inputs["stdin"]).toBe(":\n");
    expect(resources.some(({ name }) => name === "restic-rest-container")).toBe(true);
  });
});
