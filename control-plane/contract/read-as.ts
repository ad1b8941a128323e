import type * as z from "zod";

/** What a schema reads in a text of JSON; undefined for one that is torn or anything else. */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
