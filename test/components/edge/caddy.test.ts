import { describe, expect, it } from "vitest";
import { CADDY, caddy } from "../../../components/edge/caddy.plan.ts";
import { placeAtHome } from "../../../components/edge/proxy.plan.ts";
import type { CertificateIssuer } from "../../../model/site.ts";
import { site } from "../../support/site.ts";

const PLACE = placeAtHome(CADDY, ["media-net"], true);

function proxy(issuer: CertificateIssuer = { issuer: "internal" }) {
  const changed = { ...site, certificates: { ...site.certificates, "docker-vm": issuer } };
  const [service] = caddy(changed, { place: PLACE, sites: [], volumes: [] }).services;
  if (!service) throw new Error("no service");
  return service;
}

describe("Caddy on the Docker VM", () => {
  it("joins every network that it dials into", () => {
    expect(proxy().networks.map(({ name }) => name)).toEqual(PLACE.networks);
  });

  it("holds the Cloudflare token as a file, and only when it is needed", () => {
    const token = "/run/secrets/cloudflare-api-token";
    expect(proxy().files?.map(({ target }) => target)).not.toContain(token);
    const file = proxy({ issuer: "cloudflare", email: "me@home.example" }).files?.find(
      ({ target }) => target === token,
    );
    expect(file).toMatchObject({
      content: { kind: "secret", secret: "cloudflare-api-token" },
      owner: "0:0",
    });
  });

  it("is healthy only when its configuration is loaded and its port is open", () => {
    const test = proxy().health.test.join(" ");
    expect(test).toContain("127.0.0.1:2019");
    expect(test).toContain("443");
  });

  it("waits for nothing, since Authelia and the others wait for it", () => {
    expect(proxy().requires ?? []).toEqual([]);
  });
});
