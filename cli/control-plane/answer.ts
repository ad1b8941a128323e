import * as z from "zod";
import { deployReportSchema } from "../../deploy/staged/report.ts";
import { checkAnswerSchema } from "../check/answer.ts";

/** Schema of what `homelab control-plane bootstrap --json` prints. */
export const bootstrapAnswerSchema = z.strictObject({
  version: z.literal(1),
  /** 0 prepared or deployed, 1 something stands against it or failed, 3 another run has the lock of a host. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3)]),
  /** coordinator: called on the VPS, which was looked at and prepared; desk: called elsewhere, and deployed. */
  where: z.enum(["coordinator", "desk"]),
  /** What was looked at, on the VPS before it is prepared, from elsewhere after the deployment. */
  rows: checkAnswerSchema.shape.rows,
  /** How the deployment went; null on the VPS. */
  deployment: deployReportSchema.nullable(),
});

/** How it went. */
export type BootstrapAnswer = z.infer<typeof bootstrapAnswerSchema>;
