import { describe, expect, it } from "vitest";
import { DOORS, WITHOUT_DOOR } from "../e2e/support/rotated-secrets.ts";
import { SECRETS } from "../support/fleet.ts";

/** Secrets of which the command says that a deployment is all there is to do. */
const byDeployment = Object.entries(SECRETS)
  .filter(([, { origin, rotation }]) => origin.kind === "generated" && rotation.kind === "deploy")
  .map(([name]) => name);

describe("every secret", () => {
  it("that a deployment rotates is tried at its door in the sandbox, or it says why it cannot be", () => {
    const told = [...Object.keys(DOORS), ...Object.keys(WITHOUT_DOOR)];
    expect(told.toSorted()).toEqual(byDeployment.toSorted());
  });

  it("that no deployment rotates says what a person has to do, or comes from a person", () => {
    for (const [name, { origin, rotation }] of Object.entries(SECRETS)) {
      if (byDeployment.includes(name) || origin.kind === "person") continue;
      expect(rotation.kind === "by-hand" ? rotation.steps.length : 0, name).toBeGreaterThan(1);
    }
  });
});
