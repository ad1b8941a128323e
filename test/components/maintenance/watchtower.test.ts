import { describe, expect, it } from "vitest";
import { watchtower } from "../../../components/maintenance/watchtower.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

const reporter = serviceOf(watchtower(site, { after: ["caddy", "grafana"] }), "watchtower");

describe("Watchtower", () => {
  it("reports and changes nothing", () => {
    expect(reporter.env).toMatchObject({ WATCHTOWER_MONITOR_ONLY: "true" });
    expect(reporter.env).not.toHaveProperty("WATCHTOWER_CLEANUP");
  });

  it("starts after every other service, and without one that does not start", () => {
    for (const on of ["caddy", "grafana"]) {
      expect(reporter.requires).toContainEqual(
        expect.objectContaining({ on, condition: "started", strength: "soft" }),
      );
    }
  });

  it("reads the address with its password from a file", () => {
    const path = reporter.env?.["WATCHTOWER_NOTIFICATION_URL"];
    expect(reporter.files?.map(({ target }) => target)).toContain(path);
  });
});
