import type { ServiceFields } from "../schema/service.ts";

/** Lists of which both parts are kept. */
const APPENDED = [
  "cap_add",
  "cap_drop",
  "devices",
  "env_file",
  "expose",
  "group_add",
  "profiles",
  "tmpfs",
] as const;

/** Maps, and structures, of which single keys are replaced. */
const MERGED = [
  "environment",
  "labels",
  "depends_on",
  "networks",
  "extra_hosts",
  "healthcheck",
  "logging",
] as const;

/** Lists whose entries have a key by which one replaces another. */
const KEYED = {
  ports: ({ bind, host, container, protocol }) => `${bind}:${host}:${container}/${protocol}`,
  volumes: ({ target }) => target,
  secrets: ({ source, target }) => target ?? source,
  configs: ({ source, target }) => target ?? source,
} satisfies {
  [Key in "ports" | "volumes" | "secrets" | "configs"]: (
    entry: NonNullable<ServiceFields[Key]>[number],
  ) => string;
};

/**
 * A service on the ground of the one that it extends, by the rules for merging of the Compose
 * Specification: single values and commands are replaced, maps are merged, lists are put together.
 */
export function extended(base: ServiceFields, over: ServiceFields): ServiceFields {
  const merged: Record<string, unknown> = { ...base, ...over };
  for (const key of APPENDED) {
    const both = [...(base[key] ?? []), ...(over[key] ?? [])];
    if (both.length > 0) merged[key] = both;
  }
  for (const key of MERGED) {
    if (base[key] && over[key]) merged[key] = { ...base[key], ...over[key] };
  }
  if (base.deploy?.resources && over.deploy) {
    merged["deploy"] = {
      ...base.deploy,
      ...over.deploy,
      resources: {
        limits: { ...base.deploy.resources.limits, ...over.deploy.resources?.limits },
      },
    };
  }
  for (const [key, keyOf] of Object.entries(KEYED) as [
    keyof typeof KEYED,
    (one: never) => string,
  ][]) {
    const both = [...(base[key] ?? []), ...(over[key] ?? [])] as never[];
    if (both.length > 0) merged[key] = [...new Map(both.map((one) => [keyOf(one), one])).values()];
  }
  delete merged["extends"];
  return merged;
}
