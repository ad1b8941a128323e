import { z } from "zod";

const secretOfStack = z.strictObject({ name: z.string(), stack: z.string() });

/** Schema of `homelab secrets init --json`. No value is in it. */
export const initAnswerSchema = z.strictObject({
  createdStacks: z.array(z.string()),
  written: z.array(secretOfStack),
  alreadyThere: z.number(),
  /** What only a person has. */
  toSupply: z.array(
    secretOfStack.extend({
      purpose: z.string(),
      /** The shape of its value. */
      example: z.string(),
      /** Asks for the value, and does not show it. */
      command: z.string(),
    }),
  ),
  /** Shared secrets whose value is not the same in all stacks. */
  differing: z.array(z.string()),
});

/** Schema of `homelab secrets list --json`. */
export const secretsAnswerSchema = z.array(
  z.strictObject({
    name: z.string(),
    /** generated: `secrets init` makes it; person: only a person has it. */
    origin: z.enum(["generated", "person"]),
    /** How it gets another value. */
    rotation: z.enum(["deploy", "never", "by-hand"]),
    /** What it opens, in one line. */
    purpose: z.string(),
    stacks: z.array(
      z.strictObject({
        stack: z.string(),
        /** plain: it stands there for everybody to read. */
        state: z.enum(["encrypted", "plain", "missing"]),
        /** Whether something that is declared there needs it. */
        used: z.boolean(),
      }),
    ),
  }),
);

/** Schema of `homelab secrets rotate --json`. */
export const rotateAnswerSchema = z.strictObject({
  name: z.string(),
  /** Stacks that have the new value in their config now. */
  stacks: z.array(z.string()),
  /** What deploys them. */
  commands: z.array(z.string()),
  /** What to do, in this order. */
  steps: z.array(z.string()),
});
