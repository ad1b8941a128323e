import { describe, expect, it } from "vitest";
import { localNames, localNamesFile } from "../../../components/edge/local-names.plan.ts";
import { pihole } from "../../../components/networking/pihole.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { site } from "../../support/site.ts";
import { withCopies } from "../../support/with-copies.ts";

const plan = withCopies(
  pihole(site, { names: [{ name: "vault.home.example", address: "192.0.2.10" }] }),
);
const [resolver, backup] = plan.services as [ServiceDeclaration, ServiceDeclaration];

describe("Pi-hole", () => {
  it("is configured by names that version 6 reads", () => {
    expect(resolver.env).toMatchObject({
      FTLCONF_dns_upstreams: "192.0.2.53;192.0.2.54",
      FTLCONF_dns_dnssec: "true",
      FTLCONF_dns_listeningMode: "all",
    });
    const old = ["WEBPASSWORD", "PIHOLE_DNS_", "DNSSEC", "FTLCONF_LOCAL_IPV4"];
    expect(Object.keys(resolver.env ?? {}).filter((name) => old.includes(name))).toEqual([]);
  });

  it("finds its password in the file that the variable names", () => {
    const path = `/run/secrets/${resolver.env?.["WEBPASSWORD_FILE"] ?? ""}`;
    expect(resolver.files?.find(({ target }) => target === path)?.content).toEqual({
      kind: "secret",
      secret: "pihole-password",
    });
  });

  it("reads the home's own names from a file beside those typed into its page", () => {
    expect(resolver.env?.["FTLCONF_misc_etc_dnsmasq_d"]).toBe("true");
    const file = resolver.files?.find(({ target }) => target.startsWith("/etc/dnsmasq.d/"));
    expect(JSON.stringify(file?.content)).toContain("host-record=vault.home.example,192.0.2.10");
  });

  it("can be stopped: its start script, root, has to signal FTL, who is another user", () => {
    expect(resolver.capabilities).toContain("KILL");
  });

  it("has no capability that FTL could not use, and asks for no clock that it may not set", () => {
    expect(resolver.capabilities).not.toContain("NET_ADMIN");
    expect(resolver.env?.["FTLCONF_ntp_sync_active"]).toBe("false");
  });

  it("is copied each night at its own time", () => {
    expect(backup.name).toBe("pihole-backup");
    expect(backup.backup).toMatchObject({ repository: "pihole", schedule: "45 2 * * *" });
  });
});

describe("the home's own names", () => {
  const services = (name: string, routes: ServiceDeclaration["routes"]) => [
    { ...resolver, name, routes: routes ?? [] },
  ];

  it("lead to the host whose proxy serves them, and leave the VPS's to the public DNS", () => {
    const names = localNames(site, [
      { host: "docker-vm", services: services("vaultwarden", [{ name: "vault", port: 80 }]) },
      {
        host: "nas",
        services: [
          ...services("forgejo", [{ name: "git", port: 3000 }]),
          ...services("javya-frontend", [{ name: "javya", port: 80, via: "nas" }]),
        ],
      },
      { host: "vps", services: services("ntfy", [{ name: "notify", port: 80 }]) },
      { host: "nas", services: [], externals: [{ sites: ["tajy"] }] },
    ]);
    expect(Object.fromEntries(names.map(({ name, address }) => [name, address]))).toEqual({
      "vault.home.example": site.hosts["docker-vm"].lan,
      "git.home.example": site.hosts["docker-vm"].lan,
      "javya.home.example": site.hosts.nas.lan,
      "tajy.home.example": site.hosts.nas.lan,
    });
  });

  it("are written in a fixed order, so that the file changes only when a name does", () => {
    const vault = { name: "vault.home.example", address: "192.0.2.10" };
    expect(localNamesFile([vault])).toMatch(/\nhost-record=vault\.home\.example,192\.0\.2\.10\n$/);
    const names = localNames(site, [
      {
        host: "docker-vm",
        services: services("both", [
          { name: "z", port: 1 },
          { name: "a", port: 2 },
        ]),
      },
    ]).map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  });
});
