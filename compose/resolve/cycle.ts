/** A way that leads back to where it began, e.g. ["a", "b", "a"]; undefined when there is none. */
export function findCycle(
  graph: readonly (readonly [name: string, needs: readonly string[]])[],
): readonly string[] | undefined {
  const needs = new Map(graph);
  const done = new Set<string>();
  const walk = (name: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of needs.get(name) ?? []) {
      const found = walk(next, [...way, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const [name] of graph) {
    const found = walk(name, []);
    if (found) return found;
  }
  return undefined;
}
