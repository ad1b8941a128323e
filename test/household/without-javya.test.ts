import { describe, expect, it } from "vitest";
import { HOSTS } from "../../model/host-names.ts";
import { secretsUsedBy } from "../../model/host-secrets.ts";
import { findProblems } from "../../model/validate.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { IMAGE_CONTRACTS, hosts } from "../support/fleet.ts";
import { site } from "../support/site.ts";

const fleet = declareFleet({ ...site, javya: undefined });
const without = HOSTS.map((host) => fleet[host].declaration);
const nas = fleet.nas.declaration;

describe("a homelab that names no registry for the household's own app", () => {
  it("has three containers less, all on the NAS", () => {
    const counts = (all: typeof hosts) => all.map(({ services }) => services.length);
    const [vps = 0, onNas = 0, dockerVm = 0] = counts(hosts);
    expect(counts(without)).toEqual([vps, onNas - 3, dockerVm]);
  });

  it("does not mention it on any host: no name, no monitor, no file, no volume, no copy", () => {
    expect(JSON.stringify(without)).not.toMatch(/javya/i);
  });

  it("can be declared without a mistake, and asks for none of its secrets", () => {
    expect(findProblems(without, IMAGE_CONTRACTS)).toEqual([]);
    expect(secretsUsedBy(nas).filter((name) => name.startsWith("javya"))).toEqual([]);
  });

  it("leaves Coolify its network and gives its Traefik no file", () => {
    expect(nas.networks.map(({ name }) => name)).not.toContain("coolify");
    expect(nas.externals).toMatchObject([{ name: "coolify", networks: [] }]);
    expect(nas.externals?.[0]).not.toHaveProperty("files");
  });
});
