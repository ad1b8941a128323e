// Which view an address names: `#/services/nas/jellyfin?state=bad`.

/** Views of the page, in the order of its navigation. */
export const VIEWS = [
  "overview",
  "services",
  "incidents",
  "drift",
  "events",
  "deployments",
  "images",
  "boot",
  "backups",
  "hosts",
  "help",
] as const;

/** A view of the page. */
export type View = (typeof VIEWS)[number];

/** What an address names. */
export interface Route {
  readonly view: View;
  /** "nas/jellyfin" in the services' view; empty elsewhere. */
  readonly subject: string;
  readonly query: ReadonlyMap<string, string>;
}

/** What an address names; the overview for one that names nothing. */
export function routeOf(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", ...rest] = path.split("/");
  const view = VIEWS.find((each) => each === name);
  const query = new Map(new URLSearchParams(search));
  return { view: view ?? "overview", subject: view ? rest.map(decoded).join("/") : "", query };
}

/** The address of a view. */
export function hrefOf(
  view: View,
  subject = "",
  query: Readonly<Record<string, string>> = {},
): string {
  const path = subject.split("/").map(encodeURIComponent).join("/");
  const asked = Object.entries(query).filter(([, value]) => value !== "");
  const search = new URLSearchParams(asked).toString();
  return `#/${view}${path && `/${path}`}${search && `?${search}`}`;
}

/** An address that somebody typed may be written in no way that can be read. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
