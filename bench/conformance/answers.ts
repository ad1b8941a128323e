// When an answer of a program is right.
import type * as z from "zod";

/** It has the pattern in it. */
export function answers(pattern: RegExp): (answer: string) => boolean {
  return (answer) => pattern.test(answer);
}

/** It is JSON of that form, and the test holds for it. */
export function json<T>(schema: z.ZodType<T>, test: (value: T) => boolean) {
  return (answer: string): boolean => {
    const parsed = schema.safeParse(parsedJson(answer));
    return parsed.success && test(parsed.data);
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
