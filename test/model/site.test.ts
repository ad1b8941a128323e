import { describe, expect, it } from "vitest";
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
    expect(parseSite(without).vps).toEqual({ provision: "existing" });
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
