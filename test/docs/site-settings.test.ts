import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { siteSchema } from "../../model/site.ts";
import { hosts } from "../support/fleet.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/reference/site.md"), "utf8");
const named = [...page.matchAll(/^\| `([A-Za-z]+)/gm)].map(([, name]) => name);

describe("the page of the site's settings", () => {
  it("names every setting that there is, and no other", () => {
    expect([...new Set(named)].sort()).toEqual(Object.keys(siteSchema.shape).sort());
  });

  it("names every subnet that the containers' networks have, so that nobody puts a host there", () => {
    const subnets = hosts.flatMap(({ networks }) => networks.flatMap(({ subnet }) => subnet ?? []));
    expect(subnets.length).toBeGreaterThan(0);
    for (const subnet of subnets) expect(page).toContain(subnet);
  });
});
