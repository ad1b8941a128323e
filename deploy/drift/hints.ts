import type { HostDeclaration } from "../../model/declaration.ts";
import type { Difference } from "./rows.ts";

/** What `docker <what> rm` removes. */
const REMOVABLE = { container: "rm --force", network: "network rm", volume: "volume rm" } as const;

/** What a person does about differences, each once, first what has to come first. */
export function hintsFor(
  { host, gates }: Pick<HostDeclaration, "host" | "gates">,
  differences: readonly Difference[],
): string[] {
  const up = `pulumi up -s ${host}`;
  const each = differences.flatMap(({ kind, name, change, found }): string[] => {
    if (kind === "gate" && found !== "open") {
      const remedy = gates.find((gate) => gate.name === name)?.remedy;
      return remedy === undefined ? [] : [`gate ${name}: ${remedy}`];
    }
    if (change === "replaced") return [`npx homelab adopt ${host} ${name}`];
    if (change === "unhealthy") return [`ssh ${host} docker logs --tail 50 ${name}`];
    if (change === "extra" && kind in REMOVABLE) {
      const remove = REMOVABLE[kind as keyof typeof REMOVABLE];
      return [`if nobody needs it: ssh ${host} docker ${remove} ${name}`];
    }
    return [];
  });
  const mends = differences.some(({ change }) => change !== "extra" && change !== "unhealthy");
  return [...new Set([...each, ...(mends ? [`${up} makes it as declared`] : [])])];
}
