import { describe, expect, it } from "vitest";
import { resticAddress } from "../../components/backup/restic/rest-server.plan.ts";
import type { ServiceDeclaration } from "../../model/declaration.ts";
import { toMebibytes } from "../../model/units.ts";
import { findProblems } from "../../model/validate.ts";
import { site } from "../support/site.ts";
import { hostNamed, IMAGE_CONTRACTS } from "../support/fleet.ts";

const vps = hostNamed("vps");
const nas = hostNamed("nas");
const service = (name: string): ServiceDeclaration => {
  const found = vps.services.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

describe("the VPS", () => {
  it("is 12 containers, Headscale first", () => {
    expect(vps.services).toHaveLength(12);
    expect(vps.services[0]?.name).toBe("headscale");
  });

  it("can be declared without a mistake, alone and beside the NAS", () => {
    expect(findProblems([vps], IMAGE_CONTRACTS)).toEqual([]);
    expect(findProblems([vps, nas], IMAGE_CONTRACTS)).toEqual([]);
  });

  it("starts AdGuard and Unbound before Caddy", () => {
    const order = vps.services.map(({ name }) => name);
    expect(order.indexOf("unbound")).toBeLessThan(order.indexOf("adguard"));
    expect(order.indexOf("adguard")).toBeLessThan(order.indexOf("caddy"));
    expect(service("caddy").requires?.map(({ on }) => on)).toEqual(["headscale", "adguard"]);
  });

  it("lets Caddy start when AdGuard cannot, since the mesh is joined through Caddy", () => {
    const waits = service("caddy").requires?.find(({ on }) => on === "adguard");
    expect(waits).toMatchObject({ strength: "soft", limit: "60s" });
  });

  it("waits for the mesh wherever a port is on the mesh address", () => {
    for (const { name, ports = [], requires = [] } of vps.services) {
      const onMesh = ports.some(({ bind }) => bind === site.hosts.vps.mesh);
      const waits = requires.some(({ on, strength }) => on === "gate:mesh" && strength === "hard");
      expect(waits, name).toBe(onMesh);
    }
  });

  it("opens to the internet only what its firewall opens", () => {
    const open = vps.services.flatMap(({ ports = [] }) =>
      ports
        .filter(({ bind }) => bind === "0.0.0.0")
        .map(({ host, protocol }) => `${host}/${protocol}`),
    );
    expect(open.sort()).toEqual(["3478/udp", "443/tcp", "443/udp", "80/tcp"]);
  });

  it("serves its five sites and its own page, which lies where it is served", () => {
    const [caddyfile, page] = service("caddy").files ?? [];
    const text = caddyfile?.content.kind === "text" ? caddyfile.content.text : "";
    for (const name of ["hs", "yvaga", "derp", "notify", "status"]) {
      expect(text).toContain(`${name}.${site.domain} {`);
    }
    const root = /root \* (\S+)/.exec(text)?.[1];
    expect(page?.target).toBe(`${root}/index.html`);
  });

  it("asks Caddy's admin endpoint and the open port, not for its version", () => {
    expect(service("caddy").health.test.join(" ")).toMatch(/127\.0\.0\.1:2019.*443/);
  });

  it("relays for nodes that Headscale knows, and for nobody when it cannot tell", () => {
    const { command } = service("derp");
    expect(command).toContain("--verify-client-url=http://headscale:8080/verify");
    expect(command).toContain("--verify-client-url-fail-open=false");
  });

  it("reaches every upstream of Caddy and every probe by container name over a shared network", () => {
    const pihole = service("pihole").networks.map(({ name }) => name);
    expect(service("uptime-kuma").networks.some(({ name }) => pihole.includes(name))).toBe(true);
  });

  it("sums up to the memory limits of the reference, which exceed the machine, and 448 MiB that AdGuard, Unbound and changedetection.io do not live without", () => {
    const sum = vps.services.reduce((total, { limits }) => total + toMebibytes(limits.memory), 0);
    expect(sum).toBe(2624 + 448);
  });

  it("gives no container an environment value or argument that holds a secret", () => {
    const texts = vps.services.flatMap(({ env = {}, command = [], entrypoint = [], health }) => [
      ...Object.values(env),
      ...command,
      ...entrypoint,
      ...health.test,
    ]);
    expect(texts.filter((text) => text.includes("{{"))).toEqual([]);
  });

  it("is where its own restic server listens on the mesh", () => {
    expect(resticAddress(site, "vps")).toBe(`${site.hosts.vps.mesh}:8000`);
  });
});
