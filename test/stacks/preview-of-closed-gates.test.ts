import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Host } from "../../components/core/host.ts";
import { EMPTY_OBSERVATION, type ObservedGate } from "../../hosts/observation.ts";
import type { StackContext } from "../../stacks/context.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { gatesOf, holdBack } from "../../stacks/host-gates.ts";
import { site } from "../support/site.ts";

const WAITED = { token: "written-1", open: true };

beforeAll(async () => {
  const newResource = () => ({ id: "none", state: {} });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "homelab", "nas", true);
});

/** What a preview says of a NAS that runs, with the folder for backups seen closed. */
async function warnings(last: ObservedGate["last"]): Promise<string[]> {
  const log = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const running = { id: "1", labelled: true, spec: "made" };
  const context = {
    host: "nas",
    fleet: declareFleet(site),
    lock: { version: 1, images: {} },
    observation: {
      ...EMPTY_OBSERVATION,
      containers: { "restic-rest": running },
      conditions: { "folder-repositories": { open: false, seen: "it has no marker", last } },
    },
  } as unknown as StackContext;
  const gates = gatesOf(context).map((gate) => ({ ...gate, closed: pulumi.output(undefined) }));
  await holdBack({} as Host, context, gates);
  const said = log.mock.calls.map(([text]) => text);
  log.mockRestore();
  return said;
}

describe("a preview", () => {
  it("names a folder of the NAS that was made and is away, and who would be left alone", async () => {
    const [said] = await warnings(WAITED);
    expect(said).toMatch(/closed on nas now: gate folder-repositories[^]*restic-rest/);
  });

  it("says nothing of one that the deployment is still to make, as after an upgrade", async () => {
    expect(await warnings(undefined)).toEqual([]);
  });
});
