import { hostWith, type HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { meshPolicy, meshPolicyFile, meshTag } from "./mesh-policy.plan.ts";
import { meshNameservers } from "../edge/mesh-records.plan.ts";
import type { RoutedHost } from "../edge/routes.plan.ts";

/** Where hosts log in when Tailscale coordinates the mesh. */
export const TAILSCALE_SERVER = "https://controlplane.tailscale.com";
/** Its older name, which clients take for the same. */
export const TAILSCALE_FORMER_SERVER = "https://login.tailscale.com";

/** Seconds that a key is good: an `up` makes it, and its host joins in the same `up`. */
const KEY_SECONDS = 600;

/**
 * The mesh's rules as Tailscale's policy file: those that Headscale gets, but for who owns the
 * tags. Headscale's users are names of its own; Tailscale's are the addresses with which people
 * sign in there, which we do not know, so whoever administers the tailnet owns them.
 */
export function tailnetPolicy(site: Site, hosts: readonly RoutedHost[]): string {
  const policy = meshPolicy(site, hosts);
  const tags = Object.keys(policy.tagOwners);
  return meshPolicyFile({
    ...policy,
    tagOwners: Object.fromEntries(tags.map((tag) => [tag, ["autogroup:admin"]])),
  });
}

/** A resolver as Tailscale takes it. */
export interface TailnetNameserver {
  /** IPv4 address. */
  readonly address: string;
}

/** The DNS of a tailnet. */
export interface TailnetDns {
  /** Whether members find each other by their host names. */
  readonly magicDns: boolean;
  /** Whether members ask `nameservers` instead of their own. */
  readonly overrideLocalDns: boolean;
  readonly nameservers: TailnetNameserver[];
  /** Who alone answers what is below a domain. */
  readonly splitDns: { readonly domain: string; readonly nameservers: TailnetNameserver[] }[];
  /** Domains that members try behind a short name. */
  readonly searchPaths: string[];
}

/**
 * The DNS that Headscale's configuration has, as far as Tailscale knows the like. Headscale hands
 * the mesh's records to every node. Tailscale has no records of one's own, so names below the
 * domain are answered by the VPS's AdGuard, which has the same records, and by nobody else: a
 * public resolver would say that they do not exist.
 */
export function tailnetDns(site: Site): TailnetDns {
  return {
    magicDns: true,
    overrideLocalDns: true,
    nameservers: meshNameservers(site).map((address) => ({ address })),
    splitDns: [
      { domain: site.domain, nameservers: [{ address: site.hosts[hostWith("coordinator")].mesh }] },
    ],
    searchPaths: [],
  };
}

/** A key that lets one host join, as Tailscale takes it. */
export interface TailnetKeyPlan {
  readonly description: string;
  readonly reusable: boolean;
  readonly ephemeral: boolean;
  readonly preauthorized: boolean;
  /** Seconds. */
  readonly expiry: number;
  readonly tags: string[];
  readonly recreateIfInvalid: "never";
}

/**
 * The key of a host: good once and for minutes, for the host's tag. It is spent in the same `up`,
 * and a spent key is not made anew, or every preview would show one.
 * @param token names the enrolment it is for; another one asks for another key
 */
export function tailnetKey(host: HostName, token: string): TailnetKeyPlan {
  return {
    // Tailscale takes 50 letters, digits, hyphens and spaces.
    description: `${host} ${token}`,
    reusable: false,
    ephemeral: false,
    preauthorized: true,
    expiry: KEY_SECONDS,
    tags: [meshTag(host)],
    recreateIfInvalid: "never",
  };
}
