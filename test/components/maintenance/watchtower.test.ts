import { describe, expect, it } from "vitest";
import { watchtowerPlan } from "../../../components/maintenance/watchtower.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

const watchtower = serviceOf(watchtowerPlan(site, { after: ["caddy", "grafana"] }), "watchtower");

describe("Watchtower", () => {
  it("reports and changes nothing", () => {
    expect(watchtower.env).toMatchObject({ WATCHTOWER_MONITOR_ONLY: "true" });
    expect(watchtower.env).not.toHaveProperty("WATCHTOWER_CLEANUP");
  });

  it("starts after every other service, and without one that does not start", () => {
    for (const on of ["caddy", "grafana"]) {
      expect(watchtower.requires).toContainEqual(
        expect.objectContaining({ on, condition: "started", strength: "soft" }),
      );
    }
  });

  it("reads the address with its password from a file", () => {
    const path = watchtower.env?.["WATCHTOWER_NOTIFICATION_URL"];
    expect(watchtower.files?.map(({ target }) => target)).toContain(path);
  });
});
