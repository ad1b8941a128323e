import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { networkProblems } from "../../model/network-problems.ts";
import { isWithin, overlap, parseSubnet, subnetOf } from "../../model/subnets.ts";
import { hostNamed } from "../support/fleet.ts";

const address = fc
  .tuple(...Array.from({ length: 4 }, () => fc.nat(255)))
  .map((parts) => parts.join("."));
const bits = fc.integer({ min: 0, max: 32 });

describe("a subnet", () => {
  it.each(["172.20.0.0/33", "172.20.0/16", "fd00::/8", "home", "10.0.0.0/8/8", "10.0.0.0/"])(
    "is not %j",
    (text) => {
      expect(parseSubnet(text)).toBeUndefined();
    },
  );

  it("holds the address that it is written with, and is as large as its bits say", () => {
    fc.assert(
      fc.property(address, bits, (text, size) => {
        const subnet = subnetOf(`${text}/${size}`);
        expect(isWithin(text, subnet)).toBe(true);
        expect(subnet.last - subnet.first + 1).toBe(2 ** (32 - size));
      }),
    );
  });

  it("overlaps another exactly when it holds its first or last address, or the other way round", () => {
    fc.assert(
      fc.property(address, bits, address, bits, (one, size, other, otherSize) => {
        const [a, b] = [subnetOf(`${one}/${size}`), subnetOf(`${other}/${otherSize}`)];
        expect(overlap(a, b)).toBe(overlap(b, a));
        // Two powers of two are apart, or one is in the other.
        expect(overlap(a, b)).toBe(isWithin(one, b) || isWithin(other, a));
      }),
    );
  });
});

describe("a network with a subnet", () => {
  const vps = hostNamed("vps");
  const problems = (...subnets: readonly (readonly [string, string])[]) =>
    networkProblems({
      ...vps,
      networks: subnets.map(([subnet, gateway], index) => ({ name: `n${index}`, subnet, gateway })),
    }).map(({ path, message }) => `${path}: ${message}`);

  it.each([
    [
      [
        ["172.20.0.0/16", "172.20.0.1"],
        ["172.20.9.0/24", "172.20.9.1"],
      ],
      "vps.networks.n1.subnet: 172.20.9.0/24 overlaps n0's",
    ],
    [
      [["100.80.0.0/24", "100.80.0.1"]],
      "vps.networks.n0.subnet: 100.80.0.0/24 is in 100.64.0.0/10, the mesh's",
    ],
    [
      [["172.20.0.0/16", "172.21.0.1"]],
      'vps.networks.n0.gateway: "172.21.0.1" is no address in 172.20.0.0/16',
    ],
    [[["172.20.0.0", "x"]], "vps.networks.n0.gateway"],
    [[["172.20/16", "172.20.0.1"]], 'vps.networks.n0.subnet: "172.20/16" is no subnet'],
  ] as const)("is refused as %j", (subnets, message) => {
    expect(problems(...subnets)).toEqual([expect.stringContaining(message)]);
  });

  it("is right beside others", () => {
    expect(problems(["172.20.0.0/16", "172.20.0.1"], ["172.21.0.0/16", "172.21.0.1"])).toEqual([]);
    expect(networkProblems(vps)).toEqual([]);
  });
});
