// The repository as one file of data. It is written when the Supervisor's container starts, by the
// checkout itself, because only that can read its declarations; see README.md.
import * as z from "zod";
import type { HostDeclaration } from "../../model/declaration.ts";
import { commit, hostName, imageDigest, time } from "../contract/words.ts";
import type { Repository } from "./desired.ts";

const declaration = z.custom<HostDeclaration>((value) => {
  const shape = z.looseObject({
    host: hostName,
    gates: z.array(z.looseObject({ name: z.string(), kind: z.string() })),
    services: z.array(z.looseObject({ name: z.string(), image: z.string() })),
    volumes: z.array(z.looseObject({ name: z.string() })),
  });
  return shape.safeParse(value).success;
}, "is no declaration of a host");

const receipt = z.object({
  began: time,
  commit,
  services: z.record(z.string(), z.object({ image: z.string(), spec: z.string() })),
});

const repositorySchema = z.strictObject({
  version: z.literal(1),
  commit: commit.nullable(),
  lock: z.strictObject({ version: z.literal(1), images: z.record(z.string(), imageDigest) }),
  hosts: z.array(declaration).min(1),
  addresses: z.record(hostName, z.array(z.string())).default({}),
  places: z.record(z.string(), z.array(hostName)).default({}),
  intermittent: z.array(hostName).default([]),
  receipts: z.record(hostName, z.array(receipt)).default({}),
  overrides: z.array(z.strictObject({ service: z.string(), reason: z.string() })).default([]),
  own: z.array(z.string()).default([]),
});

/**
 * The repository in a text.
 * @throws Error that says where it is not one: a Supervisor without desire has nothing to do
 */
export function parseRepository(text: string, where: string): Repository {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${where} is not JSON; start the Supervisor again, which writes it anew`);
  }
  const { data, error } = repositorySchema.safeParse(value);
  if (!data) throw new Error(`${where} is no repository as data: ${z.prettifyError(error)}`);
  return data;
}
