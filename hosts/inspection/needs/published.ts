import { z } from "zod";

/** A port of the host that leads to a container. */
export interface PublishedPort {
  readonly protocol: string;
  readonly bind: string;
  readonly host: number;
}

const schema = z.record(
  z.string(),
  z.array(z.object({ HostIp: z.string().default(""), HostPort: z.string() })).nullable(),
);

/** Reads the ports of a container that runs (NetworkSettings.Ports), as JSON; of others there are none. */
export function parsePublished(json: string): PublishedPort[] {
  const ports = schema.nullable().parse(JSON.parse(json)) ?? {};
  return Object.entries(ports).flatMap(([key, bindings]) =>
    (bindings ?? []).map(({ HostIp: bind, HostPort: port }) => ({
      protocol: key.split("/")[1] ?? "tcp",
      bind,
      host: Number(port),
    })),
  );
}
