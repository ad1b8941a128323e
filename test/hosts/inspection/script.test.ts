import { describe, expect, it } from "vitest";
import { checkScript } from "../../../hosts/inspection/script.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { hostPlan } from "../../../model/host-plan.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { isValidShell } from "../../support/shell.ts";
import { site } from "../../support/site.ts";

describe("the script that looks", () => {
  it("is a script that a POSIX shell can read, for every host", () => {
    const fleet = declareFleet(site);
    for (const declaration of HOSTS.map((name) => fleet[name].declaration)) {
      const { gates } = hostPlan(declaration, { version: 1, images: {} }, "");
      expect(isValidShell(checkScript(declaration, gates))).toBe(true);
    }
  });
});
