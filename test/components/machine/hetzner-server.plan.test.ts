import { describe, expect, it } from "vitest";
import { firewallRules, hetznerMachine } from "../../../components/machine/hetzner-server.plan.ts";
import { secretsUsedBy } from "../../../model/host-secrets.ts";
import { deploymentProblems } from "../../../model/validate.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { rentedSite } from "../../support/rented-site.ts";
import { site } from "../../support/site.ts";

const { declaration } = declareFleet(rentedSite).vps;

describe("the VPS's machine", () => {
  it("is not rented when the site says that it is there", () => {
    expect(declareFleet(site).vps.declaration).not.toHaveProperty("machine");
    expect(hetznerMachine(site, [], "hs")).toBeUndefined();
  });

  it("opens ssh and what its containers publish to the internet, and nothing else", () => {
    const open = firewallRules(declaration.machine?.openPorts ?? []).map(
      ({ protocol, port }) => `${port ?? "-"}/${protocol}`,
    );
    expect(open).toEqual(["22/tcp", "80/tcp", "443/tcp", "443/udp", "3478/udp", "-/icmp"]);
  });

  it("opens them for both families of addresses, inward", () => {
    for (const rule of firewallRules(declaration.machine?.openPorts ?? [])) {
      expect(rule).toMatchObject({ direction: "in", sourceIps: ["0.0.0.0/0", "::/0"] });
    }
  });

  it("opens no port that is published on the loopback or in the mesh", () => {
    const ports = [
      { bind: "127.0.0.1", host: 8080, container: 80, protocol: "tcp" as const },
      { bind: site.hosts.vps.mesh, host: 53, container: 53, protocol: "udp" as const },
    ];
    const services = declaration.services.map((service) => ({ ...service, ports }));
    const open = hetznerMachine(rentedSite, services, "hs")?.openPorts.map(({ port }) => port);
    expect(open).toEqual([22]);
  });

  it("needs the provider's token only when it is rented", () => {
    expect(secretsUsedBy(declaration)).toContain("hcloud-token");
    expect(secretsUsedBy(declareFleet(site).vps.declaration)).not.toContain("hcloud-token");
  });

  it("cannot be deployed without the digest of the image that the mesh's client comes from", () => {
    const images = Object.fromEntries(
      declaration.services.map(({ image }) => [image, `sha256:${"0".repeat(64)}`]),
    );
    const problems = deploymentProblems({
      hosts: [declaration],
      host: "vps",
      lock: { version: 1, images },
      given: secretsUsedBy(declaration),
    });
    expect(problems.map(({ path }) => path)).toEqual(["vps.machine.image"]);
  });
});
