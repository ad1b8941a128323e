import { execa } from "execa";
import { whyAnswerSchema, type WhyAnswer } from "../../../deploy/why/answer.ts";
import type { Lab } from "./lab.ts";

/** What `homelab why <service> --json` answers, and the exit code of the command. */
export async function whyOf(
  lab: Lab,
  service: string,
): Promise<{ code: number | undefined; answer: WhyAnswer }> {
  const { exitCode, stdout } = await execa("node", ["cli/homelab.mjs", "why", service, "--json"], {
    env: lab.env,
    cwd: lab.settings.checkout,
    reject: false,
  });
  return { code: exitCode, answer: whyAnswerSchema.parse(JSON.parse(stdout)) };
}
