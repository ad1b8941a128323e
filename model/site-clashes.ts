import { isIPv4 } from "node:net";
import { HOSTS, hostWith } from "./host-names.ts";
import { mountOptionsProblem } from "./site-values.ts";
import { isWithin, MESH_SUBNET } from "./subnets.ts";

/** A mistake that no value has alone. */
export interface SiteClash {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Mistakes that only several values together make. Looked for in whatever was given, so that they
 * are told beside the mistakes of single values.
 */
export function clashesIn(site: unknown): SiteClash[] {
  return [
    ...sharedAddresses(site),
    ...lanInMesh(site),
    ...askingOurselves(site),
    ...twice(site, "dnsUpstreams"),
    ...twice(site, "renderGroups"),
    ...mountClashes(site),
    ...unsignable(site),
  ];
}

type Kind = "lan" | "mesh";

interface Address {
  readonly host: string;
  readonly kind: Kind;
  readonly address: string;
}

function addressesIn(site: unknown): Address[] {
  return (["lan", "mesh"] as const).flatMap((kind) =>
    HOSTS.flatMap((host) => {
      const address = field(site, "hosts", host, kind);
      return typeof address === "string" ? [{ host, kind, address }] : [];
    }),
  );
}

/** One host may have one address for both: it is then reached through the mesh alone. */
function sharedAddresses(site: unknown): SiteClash[] {
  const all = addressesIn(site);
  return all.flatMap(({ host, kind, address }, index) => {
    const owner = all.slice(0, index).find((one) => one.address === address && one.host !== host);
    return owner === undefined
      ? []
      : [
          {
            path: ["hosts", host, kind],
            message: `"${address}" is ${owner.host}'s address already`,
          },
        ];
  });
}

/** A member of the mesh drops what comes from there by another way (Tailscale's ts-input chain). */
function lanInMesh(site: unknown): SiteClash[] {
  return addressesIn(site).flatMap(({ host, kind, address }) =>
    kind === "lan" &&
    isWithin(address, MESH_SUBNET) &&
    field(site, "hosts", host, "mesh") !== address
      ? [
          {
            path: ["hosts", host, kind],
            message: `"${address}" is in 100.64.0.0/10, which belongs to the mesh: members drop what comes from there by another way. Give the home network other addresses, or write the host's mesh address here too`,
          },
        ]
      : [],
  );
}

/** The name servers of the hosts would ask each other, or themselves, for ever. */
function askingOurselves(site: unknown): SiteClash[] {
  const own = addressesIn(site);
  return listIn(site, "dnsUpstreams").flatMap((server, index) => {
    const host = own.find(({ address }) => address === server)?.host;
    return host === undefined
      ? []
      : [
          {
            path: ["dnsUpstreams", index],
            message: `"${String(server)}" is ${host}, which would ask itself; name a server outside of the homelab, e.g. 1.1.1.1`,
          },
        ];
  });
}

function twice(site: unknown, name: "dnsUpstreams" | "renderGroups"): SiteClash[] {
  const list = listIn(site, name);
  return list.flatMap((value, index) =>
    list.indexOf(value) < index
      ? [{ path: [name, index], message: `"${String(value)}" is there twice; remove one` }]
      : [],
  );
}

function mountClashes(site: unknown): SiteClash[] {
  const [type, source, options] = ["type", "source", "options"].map((name) =>
    field(site, "nasMounts", name),
  );
  if (typeof type !== "string") return [];
  const problem = typeof options === "string" ? mountOptionsProblem(type, options) : undefined;
  const foreign =
    typeof source === "string" && type !== "fuse.sshfs" && foreignSource(site, source);
  return [
    ...(problem === undefined ? [] : [{ path: ["nasMounts", "options"], message: problem }]),
    ...(foreign ? [{ path: ["nasMounts", "source"], message: foreign }] : []),
  ];
}

/** The storage's exports let one address in, by the way that leads to this one. */
function foreignSource(site: unknown, source: string): string | undefined {
  const storage = hostWith("storage");
  const given = /^([\d.]+|\[[^\]]*\]):/.exec(source)?.[1];
  const known = (["lan", "mesh"] as const).map((kind) => field(site, "hosts", storage, kind));
  if (given === undefined || known.includes(given)) return undefined;
  if (isIPv4(given) || given.startsWith("[")) {
    return `"${source}" is no address of ${storage}, which hosts.${storage} says is ${known.map(String).join(" or ")}; its exports let nobody in by another way`;
  }
  return undefined;
}

/** Ends of names that nobody owns (RFC 6762 appendix G, RFC 8375, ICANN's .internal). */
const PRIVATE = /\.(lan|home|corp|internal|intranet|private|localdomain|localhost|home\.arpa)$/;

/** A certificate authority signs only names that somebody owns. */
function unsignable(site: unknown): SiteClash[] {
  const domain = field(site, "domain");
  if (typeof domain !== "string" || !PRIVATE.test(domain)) return [];
  return HOSTS.flatMap((host) => {
    const issuer = field(site, "certificates", host, "issuer");
    return issuer === "acme" || issuer === "cloudflare"
      ? [
          {
            path: ["certificates", host, "issuer"],
            message: `"${issuer}" signs no name below "${domain}", which nobody can own; use "internal", or a domain of your own`,
          },
        ]
      : [];
  });
}

function listIn(site: unknown, name: string): readonly unknown[] {
  const list = field(site, name);
  return Array.isArray(list) ? list : [];
}

function field(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (found, name) =>
      found !== null && typeof found === "object"
        ? (found as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}
