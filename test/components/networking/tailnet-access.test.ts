import { describe, expect, it } from "vitest";
import { accessProblems } from "../../../model/access-problems.ts";
import { assertDeployable } from "../../../model/validate.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { site } from "../../support/site.ts";
import { tailnetSite } from "../../support/tailnet-site.ts";
import { IMAGE_CONTRACTS } from "../../support/fleet.ts";

const fleet = declareFleet(tailnetSite);
const nas = fleet.nas.declaration;
const KEY = "tailscale:apiKey";
const CLIENT = "tailscale:oauthClientId";
const SECRET = "tailscale:oauthClientSecret";

describe("access to Tailscale", () => {
  it("is asked for by no host of a homelab with Headscale", () => {
    for (const host of HOSTS) {
      expect(accessProblems(declareFleet(site)[host].declaration, [])).toEqual([]);
    }
  });

  it.each([[[KEY]], [[CLIENT, SECRET]]])("is given by %j", (given) => {
    for (const host of HOSTS) {
      expect(accessProblems(fleet[host].declaration, given)).toEqual([]);
    }
  });

  it.each([
    [[], KEY, "pulumi config set --secret tailscale:apiKey -s nas"],
    [[CLIENT], SECRET, "pulumi config set --secret tailscale:oauthClientSecret -s nas"],
    [[SECRET], CLIENT, "is not in the config of stack nas"],
    [[KEY, SECRET], KEY, "is given beside tailscale:oauthClientSecret; remove one or the other"],
  ])("is not given by %j: one message that says what to do", (given, path, message) => {
    const problems = accessProblems(nas, given);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe(path);
    expect(problems[0]?.message).toContain(message);
  });

  it("stops a deployment before it starts where it is missing", () => {
    const hosts = HOSTS.map((host) => fleet[host].declaration);
    const lock = { version: 1 as const, images: {} };
    expect(() => {
      assertDeployable({ hosts, host: "nas", lock, contracts: IMAGE_CONTRACTS, given: [] });
    }).toThrow(/nothing was changed:[^]*tailscale:apiKey: is not in the config of stack nas/);
  });
});
