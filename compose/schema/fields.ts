import * as z from "zod";
import { inside } from "./issues.ts";
import { durationOf, sizeOf } from "./units.ts";
import { wordsOf } from "./words.ts";

/** A text; numbers and switches count as what is written. */
export const text = z
  .union([z.string(), z.number(), z.boolean()], { error: "is not a text" })
  .transform(String);

/** A switch, also as text: a variable that was filled in is always one. */
export const flag = z
  .union([z.boolean(), z.enum(["true", "false"])], { error: "is neither true nor false" })
  .transform((value) => value === true || value === "true");

/** A number of which there are whole ones only, at least 0. */
export const count = z
  .union([z.number(), z.string().regex(/^\d+$/)], { error: "is not a whole number" })
  .transform(Number);

/** A share of processors, e.g. 0.5. */
export const share = z
  .union([z.number(), z.string().regex(/^\d*\.?\d+$/)], { error: "is not a number, e.g. 0.5" })
  .transform(Number);

/** A span of time as the model writes it. */
export const duration = text.transform((value, context) => {
  const found = durationOf(value);
  if (found !== undefined) return found;
  context.addIssue({ code: "custom", message: "is not a duration, e.g. 30s or 1m30s" });
  return z.NEVER;
});

/** An amount of memory as the model writes it. */
export const size = text.transform((value, context) => {
  const found = sizeOf(value);
  if (found !== undefined) return found;
  context.addIssue({ code: "custom", message: "is not a size, e.g. 512m or 1g" });
  return z.NEVER;
});

/** Texts in a list. */
export const texts = z.array(text, { error: "is not a list" });

/** A command: words in a list, or a text that is split as a shell would. */
export const command = z.union(
  [z.null().transform(() => undefined), text.transform(wordsOf), texts],
  {
    error: "is neither a text nor a list of texts",
  },
);

/** `NAME: value` in a map, or `NAME=value` in a list; undefined for a name alone. */
export const assignments = z
  .unknown()
  .transform((value, context): Record<string, string | undefined> => {
    const isList = Array.isArray(value);
    if (!isList && (typeof value !== "object" || value === null)) {
      context.addIssue({ code: "custom", message: "is neither a map nor a list of NAME=value" });
      return z.NEVER;
    }
    const found: Record<string, string | undefined> = {};
    for (const [key, item] of Object.entries(value)) {
      if (item !== null && typeof item === "object") {
        context.addIssue({
          code: "custom",
          path: [isList ? Number(key) : key],
          message: "is not a text",
        });
      } else if (!isList) {
        found[key] = item === null || item === undefined ? undefined : String(item);
      } else {
        const [name = "", ...rest] = String(item).split("=");
        found[name] = rest.length === 0 ? undefined : rest.join("=");
      }
    }
    return found;
  });

/**
 * A short form, which is read, or a long one, which has a schema.
 * @param read answers what a short form means, or what is wrong with it
 */
export function shortOrLong<T>(
  read: (short: string) => { readonly value: T } | { readonly wrong: string },
  long: z.ZodType<T>,
) {
  return z.unknown().transform((value, context): T => {
    if (typeof value === "string" || typeof value === "number") {
      const found = read(String(value));
      if ("value" in found) return found.value;
      context.addIssue({ code: "custom", message: found.wrong });
      return z.NEVER;
    }
    return inside(long, value, context);
  });
}
