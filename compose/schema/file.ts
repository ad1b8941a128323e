import * as z from "zod";
import { flag, text } from "./fields.ts";

/** `external: true`, or the older `external: { name }`. */
const external = z
  .union([flag, z.looseObject({ name: text.optional() })], { error: "is neither true nor false" })
  .optional();

const orNothing = <T extends z.ZodRawShape>(shape: T) =>
  z.union([z.null().transform(() => ({})), z.looseObject(shape).partial()], {
    error: "is not a map",
  });

const volume = orNothing({
  name: text,
  driver: text,
  driver_opts: z.record(z.string(), text),
  external,
});

const network = orNothing({
  name: text,
  driver: text,
  external,
  internal: flag,
  ipam: z.looseObject({
    config: z
      .array(z.looseObject({ subnet: text.optional(), gateway: text.optional() }))
      .optional(),
  }),
});

const source = orNothing({ name: text, file: text, content: text, environment: text, external });

/** What is read of a Compose file beside its services. */
export const fileFields = {
  name: text,
  volumes: z.record(z.string(), volume, { error: "is not a map" }),
  networks: z.record(z.string(), network, { error: "is not a map" }),
  secrets: z.record(z.string(), source, { error: "is not a map" }),
  configs: z.record(z.string(), source, { error: "is not a map" }),
} as const;

/** A Compose file without its services. */
export const fileSchema = z.looseObject(fileFields).partial();

/** A Compose file without its services. */
export type FileFields = z.infer<typeof fileSchema>;

/** A volume, as the top level has it. */
export interface ComposeVolume {
  readonly name?: string | undefined;
  readonly driver?: string | undefined;
  readonly driver_opts?: Readonly<Record<string, string>> | undefined;
  readonly external?: unknown;
}

/** A network, as the top level has it. */
export interface ComposeNetwork {
  readonly name?: string | undefined;
  readonly driver?: string | undefined;
  readonly external?: unknown;
  readonly internal?: boolean | undefined;
  readonly ipam?:
    | {
        readonly config?:
          | readonly {
              readonly subnet?: string | undefined;
              readonly gateway?: string | undefined;
            }[]
          | undefined;
      }
    | undefined;
}

/** Where a secret or a config of the top level comes from. */
export interface ComposeSource {
  readonly name?: string | undefined;
  readonly file?: string | undefined;
  readonly content?: string | undefined;
  readonly environment?: string | undefined;
  readonly external?: unknown;
}

/** The name under which something is there already; undefined for what the file makes itself. */
export function externalName(
  key: string,
  given: { readonly external?: unknown; readonly name?: string | undefined },
): string | undefined {
  if (given.external === undefined || given.external === false) return undefined;
  const inner = given.external as { name?: string };
  return given.name ?? (typeof inner === "object" ? inner.name : undefined) ?? key;
}
