import type { HostDeclaration } from "./declaration.ts";
import type { Problem } from "./problem.ts";
import { isWithin, MESH_SUBNET, overlap, parseSubnet } from "./subnets.ts";

/** Mistakes in the subnets that a host's networks are given: none, in the mesh's, or in another's. */
export function networkProblems({ host, networks }: HostDeclaration): Problem[] {
  const fixed = networks.flatMap(({ subnet, ...network }) =>
    subnet === undefined ? [] : [{ ...network, subnet }],
  );
  return fixed.flatMap((network, index): Problem[] => {
    const path = `${host}.networks.${network.name}.subnet`;
    const subnet = parseSubnet(network.subnet);
    if (!subnet) {
      return [{ path, message: `"${network.subnet}" is no subnet, e.g. 172.20.0.0/16` }];
    }
    const { gateway } = network;
    if (gateway === undefined || !isWithin(gateway, subnet)) {
      const path = `${host}.networks.${network.name}.gateway`;
      return [{ path, message: `"${gateway ?? ""}" is no address in ${network.subnet}` }];
    }
    if (overlap(subnet, MESH_SUBNET)) {
      return [{ path, message: `${network.subnet} is in ${MESH_SUBNET.text}, the mesh's` }];
    }
    const other = fixed.slice(0, index).find((one) => {
      const taken = parseSubnet(one.subnet);
      return taken !== undefined && overlap(taken, subnet);
    });
    return other === undefined
      ? []
      : [{ path, message: `${network.subnet} overlaps ${other.name}'s ${other.subnet}` }];
  });
}
