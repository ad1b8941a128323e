import { describe, expect, it } from "vitest";
import * as printed from "./printed.ts";
import { troubles, vps } from "./well-machine.ts";

describe("the networks of the engine", () => {
  const subnet = vps.networks.find((network) => network.subnet !== undefined);
  const [name, range] = [subnet?.name ?? "", subnet?.subnet ?? ""];

  it("that we make with addresses of their own may not be where the host reaches others", () => {
    const routes = `${printed.ROUTES}172.20.16.0/20 dev wg0 proto static scope link\n`;
    expect(troubles({ routes }, vps)).toEqual([
      expect.objectContaining({
        check: `network ${name}`,
        state: "failure",
        seen: `its ${range} is where vps reaches others: 172.20.16.0/20 by wg0`,
      }),
    ]);
  });

  it("that we make may not lie in one of somebody else's", () => {
    const networks =
      printed.NETWORKS + printed.networkLine("traefik_default", "d", "172.20.0.0/16");
    const routes = `${printed.ROUTES}172.20.0.0/16 dev br-dddddddddddd proto kernel scope link src 172.20.0.1\n`;
    expect(troubles({ networks, routes }, vps)).toEqual([
      expect.objectContaining({
        check: `network ${name}`,
        state: "failure",
        remedy: expect.stringContaining("docker network rm traefik_default") as string,
      }),
    ]);
  });

  it("that we made are where they should be", () => {
    const networks = printed.NETWORKS + printed.networkLine(name, "e", range);
    const routes = `${printed.ROUTES}${range} dev br-eeeeeeeeeeee proto kernel scope link src 172.20.0.1\n`;
    expect(troubles({ networks, routes }, vps)).toEqual([]);
  });

  it("are no clash with the halves of the world by which a VPN takes the default route's place", () => {
    const routes = `${printed.ROUTES}0.0.0.0/1 via 10.8.0.1 dev tun0\n128.0.0.0/1 via 10.8.0.1 dev tun0\n`;
    expect(troubles({ routes }, vps)).toEqual([]);
  });

  it("may have the host's own addresses where that is what they are for, as a macvlan", () => {
    const line = printed.networkLine("lan", "d", "192.168.0.0/24").replace("\n", "\tmacvlan\n");
    expect(troubles({ networks: printed.NETWORKS + line })).toEqual([]);
  });

  it("may hide none of the addresses that the host talks to", () => {
    const networks = printed.NETWORKS + printed.networkLine("app_default", "d", "192.168.0.0/20");
    expect(troubles({ networks })).toEqual([
      expect.objectContaining({
        check: "network app_default",
        state: "failure",
        seen: "its 192.168.0.0/20 hides nas (192.168.0.12) from docker-vm",
        remedy: expect.stringContaining("default-address-pools") as string,
      }),
    ]);
  });
});
