import * as z from "zod";
import {
  assignments,
  command,
  count,
  duration,
  flag,
  share,
  shortOrLong,
  size,
  text,
  texts,
} from "./fields.ts";
import { inside } from "./issues.ts";
import { grants, mounts, tmpfs } from "./mounts.ts";
import { exposed, ports } from "./ports.ts";

/** A file with environment values. */
export interface EnvFile {
  readonly path: string;
  /** Whether its absence is a mistake. */
  readonly required: boolean;
  /** Its variables are not filled in. */
  readonly raw: boolean;
}

const envFile = shortOrLong<EnvFile>(
  (path) => ({ value: { path, required: true, raw: false } }),
  z
    .strictObject({ path: text, required: flag.optional(), format: text.optional() })
    .transform(({ path, required = true, format }) => ({ path, required, raw: format === "raw" })),
);

const envFiles = z.unknown().transform((value, context): readonly EnvFile[] => {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return inside(z.array(envFile), list, context);
});

/** What a service waits for. */
export interface Dependency {
  readonly condition: "started" | "healthy" | "completed";
  readonly required: boolean;
}

const CONDITIONS = {
  service_started: "started",
  service_healthy: "healthy",
  service_completed_successfully: "completed",
} as const;

const dependency = z
  .strictObject({
    condition: z
      .enum(["service_started", "service_healthy", "service_completed_successfully"], {
        error: "is none of service_started, service_healthy, service_completed_successfully",
      })
      .default("service_started"),
    required: flag.default(true),
    restart: z.unknown().optional(),
  })
  .transform(({ condition, required }): Dependency => ({
    condition: CONDITIONS[condition],
    required,
  }));

const dependencies = byName(
  (): Dependency => ({ condition: "started", required: true }),
  dependency,
);

/** How a service joins a network. */
export interface Membership {
  readonly aliases: readonly string[];
  readonly address: string | undefined;
}

const membership = z
  .looseObject({ aliases: texts.default([]), ipv4_address: text.optional() })
  .transform(({ aliases, ipv4_address: address }): Membership => ({ aliases, address }));

const memberships = byName(
  (): Membership => ({ aliases: [], address: undefined }),
  z
    .union([z.null().transform(() => ({})), z.looseObject({})], { error: "is not a map" })
    .transform((given, context) => inside(membership, given, context)),
);

const healthcheck = z.strictObject({
  test: z
    .union([text.transform((line) => ["CMD-SHELL", line]), texts], {
      error: "is neither a text nor a list",
    })
    .optional(),
  interval: duration.optional(),
  timeout: duration.optional(),
  retries: count.optional(),
  start_period: duration.optional(),
  start_interval: z.unknown().optional(),
  disable: flag.optional(),
});

/** Another service under a name of its own; undefined where it keeps its own name. */
const link = text.transform((short) => {
  const [service = "", alias] = short.split(":");
  return { service, alias };
});

const deploy = z.looseObject({
  replicas: count.optional(),
  resources: z
    .looseObject({
      limits: z.looseObject({ memory: size.optional(), cpus: share.optional() }).optional(),
    })
    .optional(),
});

const logging = z.looseObject({
  driver: text.optional(),
  options: z.record(z.string(), text).optional(),
});

const device = shortOrLong<{ source: string; target: string }>(
  (short) => {
    const [source = "", target = source] = short.split(":");
    return { value: { source, target } };
  },
  z
    .looseObject({ source: text, target: text.optional() })
    .transform(({ source, target = source }) => ({ source, target })),
);

const extended = shortOrLong<{ service: string; file: string | undefined }>(
  (service) => ({ value: { service, file: undefined } }),
  z
    .strictObject({ service: text, file: text.optional() })
    .transform(({ service, file }) => ({ service, file })),
);

/** What is read of a service, by the keys of the Compose Specification. */
export const serviceFields = {
  build: z.unknown(),
  cap_add: texts,
  cap_drop: texts,
  command,
  configs: grants,
  container_name: text,
  cpus: share,
  depends_on: dependencies,
  deploy,
  devices: z.array(device, { error: "is not a list" }),
  entrypoint: command,
  env_file: envFiles,
  environment: assignments,
  expose: exposed,
  extends: extended,
  extra_hosts: z
    .union([texts, z.record(z.string(), text)], { error: "is neither a list nor a map" })
    .transform((given): Record<string, string> => {
      if (!Array.isArray(given)) return given;
      return Object.fromEntries(
        given.map((line) => {
          const [name = "", address = ""] = line.split(/[:=](.*)/s);
          return [name, address];
        }),
      );
    }),
  group_add: texts,
  healthcheck,
  hostname: text,
  image: text,
  init: flag,
  labels: assignments,
  links: z.array(link, { error: "is not a list" }),
  logging,
  mem_limit: size,
  network_mode: text,
  networks: memberships,
  pid: text,
  ports,
  privileged: flag,
  profiles: texts,
  read_only: flag,
  restart: text,
  scale: count,
  secrets: grants,
  shm_size: size,
  stop_grace_period: duration,
  tmpfs,
  user: text,
  volumes: mounts,
} as const;

/** A service as it stands in one file, short forms made long. */
export type ServiceFields = {
  readonly [Key in keyof typeof serviceFields]?: z.infer<(typeof serviceFields)[Key]> | undefined;
};

/** A map by name, or a list of the names alone. */
function byName<T>(alone: () => T, each: z.ZodType<T>) {
  return z.unknown().transform((value, context): Readonly<Record<string, T>> => {
    if (Array.isArray(value)) {
      return Object.fromEntries(value.map((name) => [String(name), alone()]));
    }
    const map = z.record(z.string(), each, { error: "is neither a list nor a map" });
    return inside(map, value, context);
  });
}
