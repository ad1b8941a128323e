// When an answer of a program is right.
import type * as z from "zod";
import { jsonIn } from "../../model/json-in.ts";

/** It has the pattern in it. */
export function answers(pattern: RegExp): (answer: string) => boolean {
  return (answer) => pattern.test(answer);
}

/** It is JSON of that form, and the test holds for it. */
export function json<T>(schema: z.ZodType<T>, test: (value: T) => boolean) {
  return (answer: string): boolean => {
    const parsed = schema.safeParse(jsonIn(answer));
    return parsed.success && test(parsed.data);
  };
}
