import { describe, expect, it } from "vitest";
import { scraping } from "../../../components/scraping/scraping.plan.ts";
import { toMebibytes } from "../../../model/units.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

const changedetection = serviceOf(scraping(site), "changedetection");

describe("changedetection.io", () => {
  it("is checked with what its image has, which is Python and no curl", () => {
    expect(changedetection.health.test.slice(0, 3)).toEqual(["CMD", "python", "-c"]);
    expect(changedetection.health.test[3]).toContain("http://127.0.0.1:5000/");
  });

  it("has room for more than it takes at its start, which is some 300 MB", () => {
    expect(toMebibytes(changedetection.limits.memory)).toBeGreaterThan(400);
  });

  it("has no password of its own, so nobody outside its host reaches it", () => {
    expect(changedetection.ports?.map(({ bind }) => bind)).toEqual(["127.0.0.1"]);
    expect(changedetection.routes ?? []).toEqual([]);
  });
});
