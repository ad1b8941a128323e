import * as z from "zod";
import type { Bytes } from "../../model/units.ts";
import { insteadOf } from "./issues.ts";
import { count, flag, shortOrLong, size, text } from "./fields.ts";

/** Something mounted into a service. */
export interface ComposeMount {
  /** other: a kind that has no counterpart here (npipe, cluster, image). */
  readonly kind: "volume" | "bind" | "tmpfs" | "other";
  /** Name of a volume or path on the host; undefined for a volume without a name. */
  readonly source: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
  readonly size?: Bytes | undefined;
  /** What of it has no counterpart, e.g. ["volume.subpath"]. */
  readonly beside: readonly string[];
}

const long = z
  .strictObject(
    {
      type: z.enum(["bind", "volume", "tmpfs", "cluster", "npipe", "image"], {
        error: "is none of bind, volume, tmpfs, cluster, npipe, image",
      }),
      source: text.optional(),
      target: text.optional(),
      read_only: flag.optional(),
      consistency: z.unknown().optional(),
      bind: z.looseObject({}).optional(),
      volume: z.looseObject({}).optional(),
      tmpfs: z.looseObject({ size: size.optional() }).optional(),
      image: z.looseObject({}).optional(),
    },
    insteadOf("is neither a text nor a map with `type`"),
  )
  .transform((given): ComposeMount => {
    const { type, source, read_only: readOnly = false } = given;
    const named = { volume: given.volume, bind: given.bind };
    const harmless = ["create_host_path", "nocopy", "selinux", "labels"];
    return {
      kind: type === "bind" || type === "volume" || type === "tmpfs" ? type : "other",
      source,
      target: given.target ?? "",
      readOnly,
      size: given.tmpfs?.size,
      beside: Object.entries(named).flatMap(([kind, options = {}]) =>
        Object.keys(options)
          .filter((option) => !harmless.includes(option) && !option.startsWith("x-"))
          .map((option) => `${kind}.${option}`),
      ),
    };
  });

/** Mounts of a service. */
export const mounts = z.array(shortOrLong<ComposeMount>(short, long), { error: "is not a list" });

/** Memory that looks like a folder: paths in the container, with options. */
export const tmpfs = z.union([text.transform((one) => [one]), z.array(text)], {
  error: "is neither a path nor a list of paths",
});

function short(given: string) {
  const parts = given.split(":");
  const [first = "", second, options = ""] = parts;
  if (first === "" || parts.length > 3) return { wrong: 'is not a mount, e.g. "data:/data:ro"' };
  const isPath = /^([./~]|[A-Za-z]:\\)/.test(first);
  if (second === undefined) {
    return first.startsWith("/")
      ? { value: mount("volume", undefined, first, "") }
      : { wrong: 'has no path in the container; write e.g. "data:/data"' };
  }
  return { value: mount(isPath ? "bind" : "volume", first, second, options) };
}

function mount(
  kind: "bind" | "volume",
  source: string | undefined,
  target: string,
  options: string,
): ComposeMount {
  const all = options.split(",").filter((option) => option !== "");
  const harmless = ["ro", "rw", "z", "Z", "cached", "delegated", "consistent", "nocopy"];
  return {
    kind,
    source,
    target,
    readOnly: all.includes("ro"),
    beside: all.filter((option) => !harmless.includes(option)),
  };
}

/** A file of the app that is one value of the top level's `secrets` or `configs`. */
export interface ComposeGrant {
  readonly source: string;
  /** Path in the container; undefined for the usual one. */
  readonly target: string | undefined;
  readonly owner: string | undefined;
  readonly mode: string | undefined;
}

const grant = z
  .strictObject({
    source: text,
    target: text.optional(),
    uid: count.optional(),
    gid: count.optional(),
    mode: z.union([z.number(), z.string()]).optional(),
  })
  .transform(({ source, target, uid, gid, mode }): ComposeGrant => ({
    source,
    target,
    owner: uid === undefined ? undefined : `${uid}:${gid ?? uid}`,
    mode: mode === undefined ? undefined : octal(mode),
  }));

/** Secrets or configs that a service is given. */
export const grants = z.array(
  shortOrLong<ComposeGrant>(
    (source) => ({ value: { source, target: undefined, owner: undefined, mode: undefined } }),
    grant,
  ),
  { error: "is not a list" },
);

/** "0440" stays as written; a number was read by YAML already. */
function octal(mode: number | string): string {
  const digits = typeof mode === "string" ? mode.replace(/^0o?/, "") : mode.toString(8);
  return digits.padStart(4, "0");
}
