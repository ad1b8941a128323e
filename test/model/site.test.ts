import { describe, expect, it } from "vitest";
import { openProject, siteOf } from "../../workspace/project.ts";
import { HOSTS } from "../../model/host-names.ts";
import { parseSite } from "../../model/site.ts";
import { rentedSite } from "../support/rented-site.ts";
import { site } from "../support/site.ts";

function mistakeIn(vps: unknown): string {
  try {
    parseSite({ ...rentedSite, vps });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the settings were accepted");
}

describe("site.vps", () => {
  it("uses the machine that is there unless something else is said", () => {
    const { vps: _vps, ...without } = site;
    expect(parseSite(without).vps).toEqual({
      provision: "existing",
      loginUser: "linuxuser",
    });
  });

  it("takes a whole description of a rented machine, and names the person who logs in", () => {
    const { loginUser: _user, ...vps } = rentedSite.vps as Record<string, unknown>;
    expect(parseSite({ ...rentedSite, vps }).vps).toEqual(rentedSite.vps);
  });

  it.each([
    ["an empty location", { location: "" }, "homelab:site.vps.location: is not a location"],
    ["no location", { location: undefined }, "homelab:site.vps.location: "],
    ["an empty size", { serverType: "" }, "homelab:site.vps.serverType: is not a server type"],
    ["no ssh key", { sshKeys: {} }, "homelab:site.vps.sshKeys: names no key"],
    ["missing ssh keys", { sshKeys: undefined }, "homelab:site.vps.sshKeys: "],
    [
      "a key that is not public",
      { sshKeys: { laptop: "-----BEGIN OPENSSH PRIVATE KEY-----" } },
      "homelab:site.vps.sshKeys.laptop: is not a public ssh key",
    ],
    ["a setting that does not exist", { servertype: "cx23" }, "servertype"],
  ])("refuses %s, with its path", (_what, change, message) => {
    const mistake = mistakeIn({ ...rentedSite.vps, ...change });
    expect(mistake).toContain(message);
    expect(mistake).not.toContain("BEGIN OPENSSH");
  });

  it.each(["root", "docker", "Ana"])(
    "refuses %s as the person on a rented machine",
    (loginUser) => {
      expect(mistakeIn({ ...rentedSite.vps, loginUser })).toContain("homelab:site.vps.loginUser: ");
    },
  );

  it("refuses a way of provisioning that it does not know", () => {
    expect(mistakeIn({ provision: "vultr" })).toContain("homelab:site.vps.provision");
  });

  it("refuses settings of a rented machine for one that is there, since they would do nothing", () => {
    expect(mistakeIn({ provision: "existing", location: "fsn1" })).toContain("location");
  });
});

describe("site.mesh", () => {
  const meshOf = (mesh: unknown) => parseSite({ ...site, mesh }).mesh;

  it("is Headscale's unless something else is said", () => {
    const { mesh: _mesh, ...without } = site;
    expect(parseSite(without).mesh).toEqual({ coordinator: "headscale", addresses: "random" });
    expect(meshOf({ coordinator: "headscale" })).toMatchObject({ addresses: "random" });
  });

  it.each(["example.com", "alice@example.com", "TNGKZPfJ7411CNTRL"])(
    "can be the tailnet %s",
    (tailnet) => {
      expect(meshOf({ coordinator: "tailscale", tailnet })).toEqual({
        coordinator: "tailscale",
        tailnet,
      });
    },
  );

  it.each([
    ["no tailnet", { coordinator: "tailscale" }, "homelab:site.mesh.tailnet: names no tailnet"],
    ["an empty one", { coordinator: "tailscale", tailnet: "" }, "mesh.tailnet: names no tailnet"],
    // Whichever tailnet the key belongs to: too easily the wrong one.
    ["any tailnet", { coordinator: "tailscale", tailnet: "-" }, "mesh.tailnet: is not a tailnet"],
    [
      "addresses that Tailscale gives itself",
      { coordinator: "tailscale", tailnet: "example.com", addresses: "sequential" },
      "addresses",
    ],
    ["a tailnet for Headscale", { coordinator: "headscale", tailnet: "example.com" }, "tailnet"],
    ["another coordinator", { coordinator: "netbird" }, "homelab:site.mesh.coordinator"],
  ])("refuses %s, with its path", (_what, mesh, message) => {
    expect(() => meshOf(mesh)).toThrow(message);
  });

  it("says no more than once what is wrong with an empty name", () => {
    expect(() => meshOf({ coordinator: "tailscale", tailnet: "" })).not.toThrow(/is not a tailnet/);
  });
});

describe("site.javya", () => {
  const javyaOf = (javya: unknown) => parseSite({ ...site, javya }).javya;

  it("leaves the household's own app out unless it says where its images are", () => {
    const { javya: _javya, ...without } = site;
    expect(parseSite(without).javya).toBeUndefined();
  });

  it.each(["git.home.example/household", "192.0.2.12:3000/household", "ghcr.io/somebody"])(
    "takes the registry %s",
    (registry) => {
      expect(javyaOf({ registry, version: "1.2.0" })).toEqual({ registry, version: "1.2.0" });
    },
  );

  it.each([
    ["no registry", {}, "homelab:site.javya.registry"],
    [
      "an address with its scheme",
      { registry: "https://git.home.example" },
      "homelab:site.javya: ",
    ],
    ["a registry without a name of its own", { registry: "household" }, "homelab:site.javya: "],
    ["a tag that floats", { registry: "ghcr.io/somebody", version: "latest" }, "floats"],
  ])("refuses %s, with its path", (_what, javya, message) => {
    expect(() => javyaOf(javya)).toThrow(message);
  });
});

describe("a setting of the site", () => {
  /** The site with one value changed, by its path. */
  function changed(path: string, value: unknown): unknown {
    const copy = structuredClone(site) as unknown as Record<string, unknown>;
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const parent = keys.reduce((found, key) => found[key] as Record<string, unknown>, copy);
    parent[last] = value;
    return copy;
  }

  it.each([
    ["timezone", "America/Asunsion", 'timezone: "America/Asunsion" is no time zone'],
    ["timezone", "america/asuncion", "timezone: "],
    ["timezone", "+03:00", "timezone: "],
    ["domain", "Cronova dev;x", "domain: "],
    ["domain", "Home.example", "domain: "],
    ["domain", "home", "domain: "],
    ["domain", "-home.example", "domain: "],
    ["adminUser", "a:b", "adminUser: "],
    ["adminUser", "Max Muster", "adminUser: "],
    ["adminUser", "homelab", 'adminUser: "homelab" is the name of a user that the apps have'],
    ["adminUser", "watchtower", "adminUser: "],
    ["hosts.nas.lan", "fd00::12", 'hosts.nas.lan: "fd00::12" is an IPv6 address, which is not'],
    ["hosts.nas.lan", "nas.lan", 'hosts.nas.lan: "nas.lan" is a name, which is not supported yet'],
    ["hosts.nas.lan", "192.168.0.300", "hosts.nas.lan: "],
    ["hosts.vps.mesh", "300.400.500.600", "hosts.vps.mesh: "],
    ["hosts.vps.mesh", "10.0.0.1", 'hosts.vps.mesh: "10.0.0.1" is not in 100.64.0.0/10'],
    ["hosts.vps.mesh", "100.128.0.1", "hosts.vps.mesh: "],
    ["hosts.docker-vm.lan", "192.0.2.12", 'docker-vm.lan: "192.0.2.12" is nas\'s address already'],
    ["hosts.docker-vm.mesh", "100.64.0.1", "hosts.docker-vm.mesh: "],
    ["certificates.vps", { issuer: "acme", email: "" }, "certificates.vps.email: "],
    ["certificates.docker-vm", { issuer: "acme", email: "me" }, "docker-vm.email: "],
    ["certificates.docker-vm", { issuer: "none" }, "certificates.docker-vm.issuer: "],
    ["nasMounts.type", "cifs", "nasMounts.type: "],
    ["nasMounts.source", "192.0.2.12", "nasMounts.source: "],
    ["nasMounts.source", "my nas:", "nasMounts.source: "],
    ["nasMounts.options", "rw, nofail", "nasMounts.options: "],
    ["nasMounts.options", "", "nasMounts.options: "],
    ["nasMounts.options", "rw\nExecStart=x", "nasMounts.options: "],
    ["renderGroups", ["render"], 'renderGroups.0: "render" is not a group\'s number'],
    ["dnsUpstreams", ["2606:4700::1111"], "dnsUpstreams.0: "],
    ["dnsUpstreams", ["dns.example"], "dnsUpstreams.0: "],
    ["dnsUpstreams", [], "dnsUpstreams: is empty"],
    [
      "domain",
      "home.example.",
      'domain: "home.example." is not a domain of small letters, digits, - and dots; write "home.example"',
    ],
    ["domain", "Home.Example", 'write "home.example"'],
    ["domain", "*.home.example", 'domain: "*.home.example" is a wildcard; write "home.example"'],
    ["domain", "münchen.example", 'write "xn--mnchen-3ya.example"'],
    ["domain", "192.168.0.12", 'domain: "192.168.0.12" is an address'],
    ["domain", "home.local", 'domain: "home.local" ends with .local'],
    ["domain", "home.lan", 'certificates.vps.issuer: "acme" signs no name below "home.lan"'],
    ["adminUser", "root", 'adminUser: "root" is the name of a user or group that every system has'],
    ["adminUser", "nobody", "adminUser: "],
    ["adminUser", "postgres", "adminUser: "],
    ["adminUser", "everyone", "adminUser: "],
    ["adminUser", "homeassistant", "adminUser: "],
    ["hosts.nas.lan", "127.0.0.1", 'hosts.nas.lan: "127.0.0.1" is no address at which another'],
    ["hosts.nas.lan", "169.254.10.1", "hosts.nas.lan: "],
    ["hosts.nas.lan", "0.0.0.0", "hosts.nas.lan: "],
    ["hosts.nas.lan", "224.0.0.251", "hosts.nas.lan: "],
    ["hosts.nas.lan", "100.64.3.4", 'hosts.nas.lan: "100.64.3.4" is in 100.64.0.0/10, which'],
    ["hosts.nas.lan", "100.64.0.1", 'hosts.nas.lan: "100.64.0.1" is in 100.64.0.0/10'],
    ["hosts.nas.mesh", "100.100.100.100", 'hosts.nas.mesh: "100.100.100.100" is one that the mesh'],
    ["hosts.nas.mesh", "100.115.92.7", "hosts.nas.mesh: "],
    [
      "dnsUpstreams",
      ["192.0.2.10"],
      'dnsUpstreams.0: "192.0.2.10" is docker-vm, which would ask itself',
    ],
    ["dnsUpstreams", ["1.1.1.1", "1.1.1.1"], 'dnsUpstreams.1: "1.1.1.1" is there twice'],
    ["dnsUpstreams", ["127.0.0.1"], "dnsUpstreams.0: "],
    ["renderGroups", ["44", "44"], "renderGroups.1: "],
    ["nasMounts.source", "192.0.2.99:", 'nasMounts.source: "192.0.2.99:" is no address of nas'],
    ["nasMounts.source", "[fd00::12]:", "nasMounts.source: "],
    // Its new address has to be written in both places.
    ["hosts.nas.lan", "10.1.2.3", 'nasMounts.source: "192.0.2.12:" is no address of nas'],
    [
      "nasMounts.options",
      "nofail,allow_other",
      'nasMounts.options: "allow_other": known to sshfs alone',
    ],
    ["nasMounts.options", "ro,nofail", 'nasMounts.options: "ro" would let nobody write'],
    [
      "nasMounts",
      { type: "fuse.sshfs", source: "me@nas:", options: "allow_other,vers=4.2" },
      "known to nfs alone",
    ],
    [
      "nasMounts",
      { type: "fuse.sshfs", source: "me@nas:", options: "_netdev" },
      'lacks "allow_other"',
    ],
  ])("%s is refused as %j, with its path", (path, value, message) => {
    expect(() => parseSite(changed(path, value))).toThrow(message);
  });

  it.each([
    ["timezone", "UTC"],
    ["timezone", "Europe/Kyiv"],
    ["domain", "cronova.dev"],
    ["domain", "home.my-house.co.uk"],
    ["adminUser", "max_muster-2"],
    ["hosts.vps.lan", "10.1.2.3"],
    ["hosts.vps.mesh", "100.64.0.9"],
    ["hosts.vps.mesh", "100.127.255.254"],
    ["certificates.vps", { issuer: "internal" }],
    ["certificates.docker-vm", { issuer: "cloudflare", email: "me+home@home.example" }],
    ["nasMounts.type", "nfs4"],
    ["nasMounts.source", "me@nas.lan:"],
    ["nasMounts.source", "192.0.2.12:/pool"],
    ["nasMounts.options", "rw,vers=4.2,rsize=1048576,nofail"],
    ["nasMounts.source", "100.64.0.2:"],
    [
      "nasMounts",
      { type: "fuse.sshfs", source: "me@192.0.2.99:", options: "allow_other,reconnect" },
    ],
    ["hosts.vps", { lan: "100.64.0.1", mesh: "100.64.0.1" }],
    ["domain", "home.arpa.example"],
    ["domain", "xn--mnchen-3ya.example"],
    ["renderGroups", []],
    ["dnsUpstreams", ["1.1.1.1"]],
  ])("%s is taken as %j", (path, value) => {
    expect(() => parseSite(changed(path, value))).not.toThrow();
  });

  it("is told in one message with all others that are wrong", () => {
    const wrong = {
      ...site,
      timezone: "America/Asunsion",
      domain: "Cronova dev;x",
      hosts: { ...site.hosts, nas: { lan: site.hosts.vps.lan, mesh: "300.400.500.600" } },
      nasMounts: { ...site.nasMounts, options: "ro" },
      dnsUpstreams: [site.hosts.vps.lan],
    };
    const paths = ["timezone", "domain", "hosts.nas.mesh", "hosts.nas.lan"];
    for (const path of [...paths, "nasMounts.options", "dnsUpstreams.0"]) {
      expect(() => parseSite(wrong)).toThrow(`homelab:site.${path}: `);
    }
  });

  it("is right throughout in the project that is committed", async () => {
    const project = await openProject({});
    for (const host of HOSTS) expect(() => siteOf(project, host)).not.toThrow();
  }, 30_000);
});
