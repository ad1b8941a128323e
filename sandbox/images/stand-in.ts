/** Path of the stand-in program in every image. */
export const STAND_IN = "/usr/local/bin/standin";

/** What most stand-ins lack, for `limits` of their entries. */
export const NO_WORK = "ports, health and start-up needs only; it does none of the program's work";

/** What a stand-in pretends to be; sandbox/images/standin/manifest.go says what each field does. */
export interface StandIn {
  readonly role?: "authelia" | "ntfy" | "adguard" | "uptime-kuma";
  /** Shortest time until it is healthy, in milliseconds. */
  readonly startupMs: number;
  readonly writes?: readonly string[];
  /** Folders it makes where they are missing; it ends when it cannot. */
  readonly makes?: readonly string[];
  readonly databases?: readonly string[];
  readonly files?: readonly string[];
  readonly secrets?: readonly {
    readonly name: string;
    readonly fileEnv?: string;
    readonly pathAsValue?: boolean;
    readonly required?: boolean;
  }[];
  readonly secretFolder?: { readonly path: string; readonly prefix: string };
  readonly values?: readonly {
    readonly name: string;
    readonly file: string;
    readonly path: string;
  }[];
  readonly needs?: readonly Need[];
  readonly listen: readonly Listener[];
  readonly hostsEnv?: string;
  readonly child?: readonly string[];
  readonly commands?: readonly {
    readonly args: readonly string[];
    readonly get: string;
  }[];
  readonly serve?: readonly string[];
}

/** A service that must answer first. */
export interface Need {
  readonly kind: "tcp" | "redis" | "postgres" | "mqtt" | "http" | "docker";
  /** Template of host:port, URL or socket path, e.g. "${DB_HOSTNAME}:${DB_PORT:-5432}". */
  readonly address: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly optional?: boolean;
}

/** One port of a stand-in. */
export interface Listener {
  readonly kind: "http" | "https" | "tcp" | "udp";
  readonly port: number;
  readonly routes?: readonly Route[];
  /** The real program behind it, which answers what no route does. */
  readonly proxy?: string;
}

/** One path that it answers. */
export interface Route {
  readonly path: string;
  readonly status: number;
  /** Text, or "@page", "@time", "@metrics". */
  readonly body: string;
  readonly contentType?: string;
}

/** The start page, which names the stand-in and the user that a proxy vouches for. */
export const PAGE: Route = {
  path: "/",
  status: 200,
  body: "@page",
  contentType: "text/html",
};

/** Prometheus metrics of the stand-in itself. */
export const METRICS: Route = {
  path: "/metrics",
  status: 200,
  body: "@metrics",
  contentType: "text/plain",
};

/** An HTTP port: what the given path answers, and the start page. */
export function http(port: number, ...routes: readonly Route[]): Listener {
  return { kind: "http", port, routes: [...routes, PAGE] };
}

/** A documented path that answers 200. */
export function ok(path: string, body: string, contentType = "application/json"): Route {
  return { path, status: 200, body, contentType };
}
