import { whyAnswerSchema, type WhyAnswer } from "../../../deploy/why/answer.ts";
import { homelabJson, type Lab } from "./lab.ts";

/** What `homelab why <service> --json` answers, and the exit code of the command. */
export async function whyOf(
  lab: Lab,
  service: string,
): Promise<{ code: number | undefined; answer: WhyAnswer }> {
  const { code, answer } = await homelabJson(lab, ["why", service]);
  return { code, answer: whyAnswerSchema.parse(answer) };
}
