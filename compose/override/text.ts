import type { Overridden } from "./override.ts";

/** What is overridden on a host, without the values. */
export function overridesText(host: string, overridden: readonly Overridden[]): string {
  const services = [...new Set(overridden.map(({ service }) => service))];
  const each = services.map((name) => {
    const keys = overridden.flatMap(({ service, key }) => (service === name ? [key] : []));
    return `${name} (${keys.join(", ")})`;
  });
  return `overridden on ${host}: ${each.join(", ")}; \`npx homelab overrides ${host}\` says how`;
}
