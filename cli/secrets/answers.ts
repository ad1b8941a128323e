import { z } from "zod";

const secretOfStack = z.strictObject({ name: z.string(), stack: z.string() });

/** Schema of `homelab secrets init --json`. No value is in it. */
export const initAnswerSchema = z.strictObject({
  createdStacks: z.array(z.string()),
  written: z.array(secretOfStack),
  alreadyThere: z.number(),
  toSupply: z
    .array(
      secretOfStack.extend({
        purpose: z.string(),
        /** The shape of its value. */
        example: z.string(),
        /** Asks for the value, and does not show it. */
        command: z.string(),
      }),
    )
    .describe("What only a person has."),
  differing: z
    .array(z.string())
    .describe("Shared secrets whose value is not the same in all stacks."),
});

/** Schema of `homelab secrets list --json`. */
export const secretsAnswerSchema = z.array(
  z.strictObject({
    name: z.string(),
    origin: z
      .enum(["generated", "person"])
      .describe("generated: `secrets init` makes it; person: only a person has it."),
    rotation: z.enum(["deploy", "never", "by-hand"]).describe("How it gets another value."),
    purpose: z.string().describe("What it opens, in one line."),
    stacks: z.array(
      z.strictObject({
        stack: z.string(),
        state: z
          .enum(["encrypted", "plain", "missing"])
          .describe("plain: it stands there for everybody to read."),
        used: z.boolean().describe("Whether something that is declared there needs it."),
      }),
    ),
  }),
);

/** Schema of `homelab secrets rotate --json`. */
export const rotateAnswerSchema = z.strictObject({
  name: z.string(),
  stacks: z.array(z.string()).describe("Stacks that have the new value in their config now."),
  commands: z.array(z.string()).describe("What deploys them."),
  steps: z.array(z.string()).describe("What to do, in this order."),
});
