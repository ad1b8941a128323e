import { describe, expect, it } from "vitest";
import { caddyfile, type CaddyfileArgs } from "../../../components/edge/caddyfile.plan.ts";
import type { ProxiedSite } from "../../../components/edge/routes.plan.ts";

const VAULT: ProxiedSite = {
  name: "vault.home.example",
  upstream: "vaultwarden:80",
  scheme: "http",
  auth: false,
  accessLog: false,
};

function text(sites: readonly ProxiedSite[], args: Partial<CaddyfileArgs> = {}): string {
  return caddyfile({
    issuer: { issuer: "internal" },
    authelia: "authelia:9091",
    ...args,
    sites,
  });
}

/** The block of one site. */
function blockOf(name: string, whole: string): string {
  return (
    new RegExp(`^${name.replaceAll(".", "\\.")} \\{\\n([\\s\\S]*?)\\n\\}`, "m").exec(whole)?.[1] ??
    ""
  );
}

describe("the Caddyfile", () => {
  it("reads the Cloudflare token from a file and holds no variable", () => {
    const whole = text([], { issuer: { issuer: "cloudflare", email: "me@home.example" } });
    expect(whole).toContain("acme_dns cloudflare {file./run/secrets/cloudflare-api-token}");
    expect(whole).toContain("email me@home.example");
    expect(whole).not.toContain("{$");
    expect(whole).not.toContain("{env.");
  });

  it("signs certificates itself, without touching the container's trust store, when internal", () => {
    const whole = text([]);
    expect(whole).toContain("local_certs");
    expect(whole).toContain("skip_install_trust");
    expect(whole).not.toContain("acme_dns");
  });

  it("asks the public authority when the issuer is acme", () => {
    const whole = text([], { issuer: { issuer: "acme", email: "me@home.example" } });
    expect(whole).toContain("email me@home.example");
    expect(whole).not.toMatch(/local_certs|acme_dns/);
  });

  it("keeps the admin endpoint on the loopback", () => {
    expect(text([])).toContain("admin 127.0.0.1:2019");
  });

  it("gives every site the security headers", () => {
    expect(blockOf(VAULT.name, text([VAULT]))).toContain("import security-headers");
  });

  it("asks Authelia only for the sites that want it", () => {
    const closed = { ...VAULT, name: "papa.home.example", auth: true };
    const whole = text([VAULT, closed]);
    expect(blockOf("papa.home.example", whole)).toContain("import authelia");
    expect(blockOf(VAULT.name, whole)).not.toContain("import authelia");
  });

  it("drops what a visitor claims to be before Authelia is asked", () => {
    const whole = text([]);
    expect(whole).toContain("request_header -Remote-User");
    expect(whole.indexOf("request_header -Remote-Groups")).toBeLessThan(
      whole.indexOf("forward_auth authelia:9091"),
    );
  });

  it("is refused when a site wants Authelia and there is none", () => {
    const issuer = { issuer: "internal" } as const;
    expect(() => caddyfile({ issuer, sites: [{ ...VAULT, auth: true }] })).toThrow(
      "vault.home.example asks for Authelia",
    );
  });

  it("trusts a container's own certificate, and logs where a route says so", () => {
    const frigate = {
      ...VAULT,
      name: "taguato.home.example",
      upstream: "frigate:8971",
      scheme: "https",
      accessLog: true,
    } as const;
    const block = blockOf(frigate.name, text([frigate]));
    expect(block).toContain("reverse_proxy https://frigate:8971 {");
    expect(block).toContain("tls_insecure_skip_verify");
    // Else Caddy 2.11 would tell it that "frigate:8971" was asked for.
    expect(block).toContain("header_up Host {host}");
    expect(block).toContain("output file /data/logs/taguato.home.example.log {");
    expect(block).toContain("roll_keep 5");
  });

  it("redirects every name on port 80", () => {
    expect(blockOf(":80", text([VAULT]))).toContain("redir https://{host}{uri} permanent");
  });
});
