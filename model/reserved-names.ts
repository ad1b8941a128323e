import type { Problem } from "./problem.ts";

/** Words beside which a host's name stands, and for which it must not be taken. */
const RESERVED: Readonly<Record<string, string>> = {
  admin: "the mesh's tag of who may do everything",
  server: "the mesh's tag of the hosts at home",
  mobile: "the mesh's tag of phones",
  homelab: "the account of the hosts at home at the restic server",
};

/** Whether a host has a name that would give it rights of others. */
export function reservedName(host: string): Problem[] {
  const what = Object.hasOwn(RESERVED, host) ? RESERVED[host] : undefined;
  if (what === undefined) return [];
  return [
    {
      path: "household/hosts.ts",
      message: `no host can be called "${host}", which is ${what}; choose another name`,
    },
  ];
}
