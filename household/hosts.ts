/** What a host does for the others. A household has one host for each role, and one host may have several. */
export type Role =
  /** Stands on the internet: coordinates the mesh, serves what everybody may reach, watches the rest. */
  | "coordinator"
  /** Keeps the household's folders and everybody's copies. */
  | "storage"
  /** Serves the sites of every host at home, answers their names and keeps their metrics. */
  | "home";

/** One host, as everything knows it. */
export interface HostEntry {
  /** Name of the host, of its Pulumi stack and of its ssh alias: small letters and hyphens. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** None is a plain member: it runs apps of its own, and the others reach, watch and copy them. */
  readonly roles: readonly Role[];
  /**
   * Whether it may be away, as a laptop or a machine that is off at night: that is then a warning and
   * no failure. Nobody else should need it at every hour. @default false
   */
  readonly intermittent?: boolean;
}

/** What the household is called, in small letters and digits: its topics at ntfy begin with it. */
export const NAME = "cronova";

/** This home's hosts, in the order they are deployed: each may rely on those before it. */
export const ENTRIES = [
  { name: "vps", title: "VPS", roles: ["coordinator"] },
  { name: "nas", title: "NAS", roles: ["storage"] },
  { name: "docker-vm", title: "Docker VM", roles: ["home"] },
] as const satisfies readonly HostEntry[];
