import * as z from "zod";
import { count, duration, share, size } from "../schema/fields.ts";
import { issuesOf } from "../schema/issues.ts";
import { nearest, OTHER_SERVICE_KEYS } from "../schema/other-keys.ts";
import { ports } from "../schema/ports.ts";
import { serviceFields } from "../schema/service.ts";

/** One entry of `ports`: a port, or all those of a range. */
const portEntry = z.unknown().transform((value, context) => {
  const parsed = ports.safeParse([value]);
  if (parsed.success) return parsed.data;
  for (const { path, message } of issuesOf(parsed.error)) {
    context.addIssue({ code: "custom", path: path.slice(1), message });
  }
  return z.NEVER;
});

/** What an override may say of a service, by the keys of the Compose Specification. */
export const overrideFields = {
  cpus: serviceFields.cpus,
  deploy: z
    .looseObject({
      resources: z
        .looseObject({
          limits: z.looseObject({ memory: size.optional(), cpus: share.optional() }).optional(),
        })
        .optional(),
    })
    .transform(({ resources }) => resources?.limits ?? {}),
  environment: serviceFields.environment,
  extra_hosts: serviceFields.extra_hosts,
  healthcheck: z.looseObject({
    interval: duration.optional(),
    timeout: duration.optional(),
    retries: count.optional(),
    start_period: duration.optional(),
  }),
  labels: serviceFields.labels,
  mem_limit: serviceFields.mem_limit,
  /** Each with its place in the list. */
  ports: z
    .array(portEntry, { error: "is not a list" })
    .transform((entries) =>
      entries.flatMap((entry, index) => entry.map((port) => ({ ...port, index }))),
    ),
  shm_size: serviceFields.shm_size,
  stop_grace_period: serviceFields.stop_grace_period,
  volumes: serviceFields.volumes,
} as const;

/** An override of one service, short forms made long. */
export type OverrideFields = {
  readonly [Key in keyof typeof overrideFields]?: z.infer<(typeof overrideFields)[Key]>;
};

/** Which keys may stand inside which; true where what is inside has no keys of ours. */
type Allowed = { readonly [key: string]: Allowed | true };

/** The keys of a file with an override of one service, from the top. */
export function allowedKeys(service: string): Allowed {
  const all = Object.keys(overrideFields).map((key) => [key, true] as const);
  return {
    services: {
      [service]: {
        ...Object.fromEntries(all),
        deploy: { resources: { limits: { memory: true, cpus: true } } },
        healthcheck: { interval: true, timeout: true, retries: true, start_period: true },
      },
    },
  };
}

/** House rules that no override can weaken, and what else has a better place, by key. */
const REFUSED: Readonly<Record<string, string>> = {
  build: "images are pulled by their digest; none is built on a host",
  cap_add: "which capabilities it has is declared, and no override adds one",
  cap_drop: "every capability is dropped but those that are declared",
  container_name: "a container has the name of its service",
  devices: "which devices it sees is declared, and no override adds one",
  disable: "every service has a health check; its times alone can be overridden",
  env_file: "write the values into `environment`; .env beside this file fills in ${NAME}",
  expose: "what listens is the image's own matter; `ports` publishes",
  extends: "write here what shall be another",
  group_add: "which groups it has is declared, and no override adds one",
  image:
    "its digest is pinned in the image lock; `npx homelab images update <service>` declares another",
  logging: "logs are rotated as the house rules say",
  network_mode: "it joins the networks that are declared, and never the host's",
  networks: "it joins the networks that are declared, and no others",
  pid: "whether it sees the host's processes is declared",
  privileged: "no container is privileged",
  read_only: "whether its root is read-only is declared",
  restart: "the boot orchestrator starts it, and the engine after a crash only",
  secrets: "secrets are in the stack's config: `npx homelab secrets list`",
  security_opt: "each container has no new privileges",
  test: "what the check asks is declared; its times alone can be overridden",
  tmpfs: "name what has to be in memory in the service's plan",
  user: "as whom it runs is declared",
};

/** Why a key cannot stand where it stands. */
function refusalOf(key: string, path: readonly (string | number)[], allowed: Allowed): string {
  const names = Object.keys(allowed);
  if (path.length === 1) return "has no place here; an override has `services` alone";
  if (path.length === 2) return "is another service; its override belongs into a folder of its own";
  const reason = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
  if (reason !== undefined) return `cannot be overridden: ${reason}`;
  const specified = [...Object.keys(serviceFields), ...Object.keys(OTHER_SERVICE_KEYS)];
  if (path.length === 3 && !specified.includes(key)) {
    const meant = nearest(key, names);
    return `is no key of the Compose Specification${meant === undefined ? "" : `; did you mean ${meant}?`}`;
  }
  return `cannot be overridden, only ${names.join(", ")}; change the declaration`;
}

/** The keys that have no place in a file, each with the reason. */
export function strayKeys(
  value: unknown,
  allowed: Allowed,
  path: readonly (string | number)[] = [],
): { readonly path: (string | number)[]; readonly message: string }[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    const at = [...path, key];
    const below = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    if (below === undefined) return [{ path: at, message: refusalOf(key, at, allowed) }];
    return below === true ? [] : strayKeys(inside, below, at);
  });
}
