import * as z from "zod";

/** Where something is wrong, and what: never the value, which can be a secret. */
export interface Issue {
  readonly path: (string | number)[];
  readonly message: string;
}

/** The issues of a schema in our words; one for each key that is not known. */
export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: "is no key of the Compose Specification here",
      }));
    }
    const message = issue.message.replace(/^Invalid input: expected (\w+), .*/, "is not a $1");
    return [{ path, message }];
  });
}

/** What a schema makes of a part of what another one reads, whose issues its own become. */
export function inside<T>(schema: z.ZodType<T>, value: unknown, context: z.RefinementCtx): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of issuesOf(parsed.error)) context.addIssue({ code: "custom", ...issue });
  return z.NEVER;
}

/** Says what was expected where something is no map; keys of a map are spoken of by themselves. */
export function insteadOf(message: string) {
  return {
    error: (issue: { readonly code?: string }) =>
      issue.code === "invalid_type" ? message : undefined,
  };
}
