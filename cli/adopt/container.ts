import { quote } from "../../model/shell-text.ts";
import { z } from "zod";
import { gateRecord } from "../../model/paths.ts";

const inspectSchema = z
  .array(
    z.object({
      Id: z.string(),
      Name: z.string(),
      Created: z.string(),
      State: z.object({ Status: z.string() }),
      Config: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()).nullable() }),
      HostConfig: z.object({ AutoRemove: z.boolean() }),
      Mounts: z.array(
        z.object({
          Type: z.string(),
          Name: z.string().optional(),
          Source: z.string().optional(),
          Destination: z.string(),
        }),
      ),
    }),
  )
  .min(1);

/** What is kept of a removed container. */
export interface KeptMount {
  /** Volume name or path on the host. */
  readonly source: string;
  readonly target: string;
  /** The engine made it and gave it no name but a hash. */
  readonly nameless: boolean;
}

/** The container in whose place a declared service is to run. */
export interface NamedContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly created: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly KeptMount[];
  /** Started with --rm: its nameless volumes go when it stops. */
  readonly removesItself: boolean;
}

/**
 * A script that prints the id of the container we deployed, then what has the name now. It fails
 * when the engine does not answer: that is not the same as having no such container.
 * @param container name to look for
 */
export function lookScript(service: string, container = service): string {
  // A power cut can leave the record empty.
  return `echo "$(cat ${quote(gateRecord(service))} 2>/dev/null || echo none)"
docker container inspect ${quote(container)} 2>/dev/null || docker version >/dev/null
`;
}

/** Reads what the script printed. */
export function parseLook(output: string): {
  readonly deployedId: string | undefined;
  readonly present: NamedContainer | undefined;
} {
  const [first = "", ...rest] = output.split("\n");
  const deployedId = first === "none" || first === "" ? undefined : first;
  const list: unknown = JSON.parse(rest.join("\n").trim() || "[]");
  if (!Array.isArray(list) || list.length === 0) return { deployedId, present: undefined };
  const [found] = inspectSchema.parse(list);
  if (!found) return { deployedId, present: undefined };
  return {
    deployedId,
    present: {
      id: found.Id,
      name: found.Name.replace(/^\//, ""),
      image: found.Config.Image,
      created: found.Created,
      status: found.State.Status,
      labels: found.Config.Labels ?? {},
      removesItself: found.HostConfig.AutoRemove,
      mounts: found.Mounts.filter(({ Type }) => Type !== "tmpfs").map((mount) => ({
        source: mount.Name ?? mount.Source ?? "",
        target: mount.Destination,
        nameless: /^[0-9a-f]{64}$/.test(mount.Name ?? ""),
      })),
    },
  };
}

/** A script that stops and removes exactly that container, whatever has the name by then. */
export function removeScript(id: string, graceSeconds: number): string {
  return `set -e
docker stop -t ${graceSeconds} ${quote(id)} >/dev/null
docker container inspect ${quote(id)} >/dev/null 2>&1 || exit 0
docker rm ${quote(id)} >/dev/null
`;
}
