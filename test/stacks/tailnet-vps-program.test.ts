import { beforeAll, describe, expect, it } from "vitest";
import { tailnetDns, tailnetPolicy } from "../../components/networking/tailnet.plan.ts";
import { HOSTS } from "../../model/host-names.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { isLoaded } from "../support/loaded.ts";
import { holdsSecret, inUrn, namedBy, recordStack } from "../support/stack-program.ts";
import { NODE_KEY, tailnetRun, tailnetSite } from "../support/tailnet-site.ts";

let resources: RecordedResource[] = [];
const named = (name: string): RecordedResource => {
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`no resource "${name}"`);
  return found;
};
const needed = (name: string) => named(name).dependencies.map(namedBy);

beforeAll(async () => {
  resources = await recordStack("vps", tailnetRun);
}, 120_000);

describe("the program of a VPS in a tailnet", () => {
  it("makes what the reviewed list says, each with the URN that it has there", async () => {
    const list = resources.map((resource) => `${inUrn(resource)}\n`).sort();
    await expect(list.join("")).toMatchFileSnapshot("golden/vps-in-a-tailnet.txt");
  });

  it("sets policy and DNS of the tailnet from the declarations of all hosts", () => {
    const fleet = declareFleet(tailnetSite);
    const hosts = HOSTS.map((host) => fleet[host].declaration);
    expect(named("tailnet-policy").inputs).toEqual({ acl: tailnetPolicy(tailnetSite, hosts) });
    expect(named("tailnet-dns").inputs).toEqual(tailnetDns(tailnetSite));
  });

  it("makes one key, for itself, and another one only for another enrolment", () => {
    const keys = resources.filter(({ type }) => type.endsWith(":TailnetKey"));
    expect(keys.map(({ inputs }) => inputs)).toEqual([
      {
        description: expect.stringMatching(/^vps written-\d+$/) as string,
        reusable: false,
        ephemeral: false,
        preauthorized: true,
        expiry: 600,
        tags: ["tag:vps"],
        recreateIfInvalid: "never",
      },
    ]);
    expect(keys[0]?.replaceOnChanges).toEqual(["description"]);
  });

  it("has the tag's owner before the key, the key before the enrolment, and AdGuard before the DNS", () => {
    expect(needed("tailnet-key")).toContain("tailscale:index/acl:Acl tailnet-policy");
    expect(needed("mesh-enrolment")).toContain("tailscale:index/tailnetKey:TailnetKey tailnet-key");
    expect(needed("gate-mesh")).toContain("command:local:Command mesh-enrolment");
    expect(needed("adguard-container")).toContain("command:local:Command gate-mesh");
    expect(needed("tailnet-dns")).toContain("command:local:Command adguard-gate");
  });

  it("hands the key to the host on standard input alone, encrypted in the state", () => {
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(NODE_KEY));
    expect(holders.map(({ name }) => name)).toEqual(["mesh-enrolment"]);
    const { inputs, secretInputs } = named("mesh-enrolment");
    expect(secretInputs).toEqual(["stdin"]);
    expect(inputs["create"]).toBe("sh -s");
    expect(inputs["stdin"]).toContain(`invitation='${NODE_KEY}'\n`);
    expect(inputs["stdin"]).toContain("--login-server='https://controlplane.tailscale.com'");
    expect(inputs["stdin"]).not.toContain("headscale");
  });

  it("gives the access from the stack's config to its own provider, as a secret, with the tailnet", () => {
    const provider = named("tailnet-tailscale");
    expect(provider.inputs["tailnet"]).toBe("tailnet.example");
    expect(provider.secretInputs).toContain("apiKey");
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("api-key"));
    expect(holders.map(({ name }) => name)).toEqual(["tailnet-tailscale"]);
    for (const { type, name, provider: used } of resources) {
      if (type.startsWith("tailscale:")) expect(used, name).toContain("tailnet-tailscale");
    }
  });

  it("shows no secret in an input that is not one", () => {
    const open = resources.flatMap(({ name, inputs, secretInputs }) =>
      Object.entries(inputs)
        .filter(([key, value]) => holdsSecret(value) && !secretInputs.includes(key))
        .map(([key]) => `${name}.${key}`),
    );
    expect(open).toEqual([]);
  });

  it("writes the host plan before what makes the copies", () => {
    expect(needed("vps-backup-container")).toContain("command:local:Command host-plan");
  });

  it("is the one that loads Tailscale's SDK", () => {
    expect(isLoaded("@pulumi/tailscale")).toBe(true);
  });
});
