import { describe, expect, it } from "vitest";
import { declareFleet } from "../../household/fleet.plan.ts";
import { site } from "../support/site.ts";

const email = "me@home.example";

describe("the certificates of a proxy", () => {
  it("are refused, with the path, where its program cannot get them from that issuer", () => {
    const certificates = { ...site.certificates, vps: { issuer: "cloudflare", email } as const };
    expect(() => declareFleet({ ...site, certificates })).toThrow(
      'homelab:site.certificates.vps.issuer: cannot be "cloudflare", which the reverse proxy of vps does not know; use "acme" or "internal"',
    );
  });

  it("come from each issuer that it knows", () => {
    for (const issuer of ["cloudflare", "acme"] as const) {
      const certificates = { ...site.certificates, "docker-vm": { issuer, email } };
      expect(() => declareFleet({ ...site, certificates })).not.toThrow();
    }
  });
});
