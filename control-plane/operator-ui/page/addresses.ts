// Where the page is reached. What is no address of it is answered nothing: a name that somebody else
// gave to our address (DNS rebinding) would make a stranger's page one of ours.

/** One address of the page, as people write it into a browser. */
export interface Address {
  /** Scheme, host and port, as a browser writes `Origin`, e.g. "https://home.example". */
  readonly origin: string;
  /** Host and port, as a browser writes `Host`, in small letters. */
  readonly host: string;
  /** Path below which the page is there, with a slash at both ends, e.g. "/homelab/". */
  readonly base: string;
  /** A browser gives the cookie back over https alone. */
  readonly secure: boolean;
  /** Name of the cookie. It carries the path: two pages of one host have one each. */
  readonly cookie: string;
}

const COOKIE = "homelab-session";

/** An address from its URL. */
export function addressOf(text: string): Address {
  const { origin, host, pathname, protocol } = new URL(text);
  const base = pathname.endsWith("/") ? pathname : `${pathname}/`;
  const secure = protocol === "https:";
  const path = base === "/" ? "" : `-${base.slice(1, -1).replaceAll("/", "-")}`;
  // With these prefixes a browser takes the cookie only over https, and "__Host-" from no neighbour:
  // developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
  const prefix = secure ? (path === "" ? "__Host-" : "__Secure-") : "";
  return { origin, host, base, secure, cookie: `${prefix}${COOKIE}${path}` };
}

/** What a request says of where it was sent. */
export interface Asked {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Header Sec-Fetch-Site, which a browser sends over https. */
  readonly site: string | undefined;
}

/** Whether a request was sent to the page by a name of its own. @param own further values of `Host` */
export function isOurs(
  addresses: readonly Address[],
  own: readonly string[],
  { host }: Asked,
): boolean {
  const asked = host?.toLowerCase();
  return (
    asked !== undefined && (own.includes(asked) || addresses.some((one) => one.host === asked))
  );
}

/**
 * The address of whose page a browser sent something that changes something; undefined when it was
 * another's page, or when nobody says which. Not even a neighbour below the same domain may.
 */
export function senderOf(
  addresses: readonly Address[],
  { origin, site }: Asked,
): Address | undefined {
  if (site !== undefined && site !== "same-origin") return undefined;
  return addresses.find((one) => one.origin === origin);
}

/**
 * The path below the page's own base, without a slash in front. A proxy may have taken the base away
 * or left it. Undefined for one that is written in any way but the plain one.
 */
export function pathBelow(addresses: readonly Address[], url: string): string | undefined {
  const [path = ""] = url.split("?", 1);
  if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/.test(path)) return undefined;
  const bases = addresses.map(({ base }) => base).sort((a, b) => b.length - a.length);
  const base = bases.find((each) => path.startsWith(each)) ?? "/";
  return path.slice(base.length);
}
