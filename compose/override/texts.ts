import { isIP } from "node:net";
import { NO_VALUE } from "./read.ts";
import { holdsSecret, SECRET_HINT } from "./secret.ts";
import type { Edit, Outcome, Part, Refusal } from "./part.ts";

type Texts = Readonly<Record<string, string>>;

/** Environment of the container; never a secret. */
export const environment: Part = (service, { environment: given }) => {
  const { texts, ...rest } = merged(service.env ?? {}, given ?? {}, "environment", "env", (name) =>
    /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) ? undefined : "is not the name of a variable",
  );
  return { service: rest.edits.length === 0 ? service : { ...service, env: texts }, ...rest };
};

/** Beginnings of labels that say whose a container is, or that open it to others. */
const OTHERS_LABELS = [
  "homelab.",
  "com.centurylinklabs.watchtower",
  "com.docker.",
  "caddy",
  "coolify.",
  "homepage.",
  "traefik.",
];

/** Labels of the container beside the program's own. */
export const labels: Part = (service, { labels: given }) => {
  const { texts, ...rest } = merged(
    service.labels ?? {},
    given ?? {},
    "labels",
    "labels",
    (name) => {
      const taken = OTHERS_LABELS.find((prefix) => name.toLowerCase().startsWith(prefix));
      return taken && `is a label that others act on; none may begin with ${taken}`;
    },
  );
  return { service: rest.edits.length === 0 ? service : { ...service, labels: texts }, ...rest };
};

/** Lines of /etc/hosts. */
export const extraHosts: Part = (service, { extra_hosts: given }) => {
  const { texts, ...rest } = merged(
    service.extraHosts ?? {},
    given ?? {},
    "extra_hosts",
    "extraHosts",
    (_name, value) =>
      value === "host-gateway" || isIP(value) !== 0
        ? undefined
        : "is neither an address nor host-gateway",
  );
  return {
    service: rest.edits.length === 0 ? service : { ...service, extraHosts: texts },
    ...rest,
  };
};

/** Texts by name, those of the override before those of the declaration. */
function merged(
  old: Texts,
  given: Readonly<Record<string, string | undefined>>,
  key: string,
  field: string,
  wrong: (name: string, value: string) => string | undefined,
): Omit<Outcome, "service"> & { readonly texts: Texts } {
  const texts: Record<string, string> = { ...old };
  const edits: Edit[] = [];
  const refusals: Refusal[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) {
      // The name may be a secret's value that stands alone.
      refusals.push({ at: [key], message: NO_VALUE });
      continue;
    }
    const at = [key, name];
    const message = holdsSecret(name, value) ? SECRET_HINT : wrong(name, value);
    if (message !== undefined) refusals.push({ at, message });
    const was = Object.hasOwn(old, name) ? old[name] : undefined;
    if (message !== undefined || was === value) continue;
    texts[name] = value;
    edits.push({ at, declared: `${field}.${name}`, old: was ?? null, next: value });
  }
  return { texts, edits, refusals };
}
