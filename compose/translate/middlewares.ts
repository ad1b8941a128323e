import type { ComposeProject } from "../resolve/project.ts";

/** What a middleware of Traefik does, as far as it can be told. */
export interface Middlewares {
  /** Lets in only whom it knows. */
  readonly asking: readonly string[];
  /** Changes what is answered, and lets in everybody. */
  readonly harmless: readonly string[];
  /** Defined somewhere else, under a name that says nothing. */
  readonly unknown: readonly string[];
}

const DEFINED = /^traefik\.http\.middlewares\.([^.]+)\.([^.]+)/i;
const ASKS =
  /^(basicauth|digestauth|forwardauth|ipallowlist|ipwhitelist|passtlsclientcert|plugin)$/i;
const ASKS_BY_NAME = /auth|oidc|sso|login|allow-?list|white-?list/i;
const HARMLESS_BY_NAME = /redirect|header|compress|gzip|rate-?limit|buffer|retry|hsts|https/i;

/** Sorts the middlewares of a router by what the labels of the file, or their names, say of them. */
export function sortMiddlewares(list: string, { services }: ComposeProject): Middlewares {
  const kinds = new Map<string, string>();
  for (const { fields } of services) {
    for (const label of Object.keys(fields.labels ?? {})) {
      const [, name, kind] = DEFINED.exec(label) ?? [];
      if (name !== undefined && kind !== undefined) kinds.set(name, kind);
    }
  }
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const sorted = { asking: [] as string[], harmless: [] as string[], unknown: [] as string[] };
  for (const name of names) {
    const kind = kinds.get(name.replace(/@.*/, ""));
    const asks = kind === undefined ? ASKS_BY_NAME.test(name) : ASKS.test(kind);
    const isHarmless = kind !== undefined || HARMLESS_BY_NAME.test(name);
    sorted[asks ? "asking" : isHarmless ? "harmless" : "unknown"].push(name);
  }
  return sorted;
}
