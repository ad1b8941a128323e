import type { HostDeclaration } from "./declaration.ts";
import { requirementTarget } from "./graph.ts";

/**
 * The services of a host that cannot run while gates are closed or images cannot be had: those that
 * need one of them, and those that need a service that does. By service, the gates and images behind
 * it.
 * @param closed names of gates, without "gate:"
 * @param absent references of images. @default none
 */
export function heldServices(
  { host, services }: Pick<HostDeclaration, "host" | "services">,
  closed: ReadonlySet<string>,
  absent: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, readonly string[]> {
  const held = new Map<string, Set<string>>();
  const behind = (on: string): readonly string[] => {
    const target = requirementTarget(host, on);
    if (!target.startsWith(`${host}/`)) return [];
    const name = target.slice(host.length + 1);
    if (!name.startsWith("gate:")) return [...(held.get(name) ?? [])];
    const gate = name.slice("gate:".length);
    return closed.has(gate) ? [gate] : [];
  };
  // A service may be declared before what it needs, so until nothing is added any more.
  for (let before = -1, now = 0; now !== before;) {
    before = now;
    now = 0;
    for (const { name, image, requires = [] } of services) {
      const gates = requires.flatMap(({ on, strength }) => (strength === "hard" ? behind(on) : []));
      const own = absent.has(image) ? [image] : [];
      const all = new Set([...(held.get(name) ?? []), ...own, ...gates]);
      if (all.size > 0) held.set(name, all);
      now += all.size;
    }
  }
  return new Map([...held].map(([name, gates]) => [name, [...gates]]));
}
