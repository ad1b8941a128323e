import { describe, expect, it } from "vitest";
import { caddyPlan, DOCKER_VM_PROXY } from "../../../components/edge/caddy.plan.ts";
import type { CertificateIssuer } from "../../../model/site.ts";
import { site } from "../../support/site.ts";

function caddy(issuer: CertificateIssuer = { issuer: "internal" }) {
  const changed = { ...site, certificates: { ...site.certificates, "docker-vm": issuer } };
  const [proxy] = caddyPlan(changed, { sites: [] }).services;
  if (!proxy) throw new Error("no service");
  return proxy;
}

describe("Caddy on the Docker VM", () => {
  it("joins every network that it dials into", () => {
    expect(caddy().networks.map(({ name }) => name)).toEqual([...DOCKER_VM_PROXY.networks]);
  });

  it("holds the Cloudflare token as a file, and only when it is needed", () => {
    const token = "/run/secrets/cloudflare-api-token";
    expect(caddy().files?.map(({ target }) => target)).not.toContain(token);
    const file = caddy({ issuer: "cloudflare", email: "me@home.example" }).files?.find(
      ({ target }) => target === token,
    );
    expect(file).toMatchObject({
      content: { kind: "secret", secret: "cloudflare-api-token" },
      owner: "0:0",
    });
  });

  it("is healthy only when its configuration is loaded and its port is open", () => {
    const test = caddy().health.test.join(" ");
    expect(test).toContain("127.0.0.1:2019");
    expect(test).toContain("443");
  });

  it("waits for nothing, since Authelia and the others wait for it", () => {
    expect(caddy().requires ?? []).toEqual([]);
  });
});
