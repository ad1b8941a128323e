import { expect, it } from "vitest";
import { claimNothingLostByKills } from "./kill-claims.ts";

it(
  "Observer, Supervisor and Executor, killed ten times at random moments of what a person approves, lose nothing that was acknowledged and double nothing (must-show 3, R8)",
  { timeout: 3_000_000 },
  async () => {
    await claimNothingLostByKills(10);
    expect.hasAssertions();
  },
);
