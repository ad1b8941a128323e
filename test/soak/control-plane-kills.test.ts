// As `test/control-plane/killed-parts.test.ts`, ten times as often. It needs no machine of the sandbox.
import { expect, it } from "vitest";
import { claimNothingLostByKills } from "../control-plane/kill-claims.ts";

/** About four seconds each. */
const KILLS = Number(process.env["HOMELAB_SOAK_KILLS"] ?? 100);

it(
  "the parts of the control plane, killed so often at random moments, lose nothing that was acknowledged and double nothing (must-show 3)",
  { timeout: KILLS * 300_000 },
  async () => {
    await claimNothingLostByKills(KILLS);
    expect.hasAssertions();
  },
);
