import { readFileSync } from "node:fs";
import { openScratch, RUN_SCRIPT } from "../../components/core/handed-script.ts";
import { unwrap } from "./unwrap.ts";

/**
 * Inputs of a resource with the script that was handed over in place of its name: `create` is what
 * runs it, `stdin` what that reads, and secret if its name is.
 */
export function withScripts(inputs: Record<string, unknown>): Record<string, unknown> {
  if (inputs["create"] !== RUN_SCRIPT) return inputs;
  const named = inputs["stdin"];
  const digest = String(unwrap(named)).split(" ").at(-1);
  const [run, ...script] = readFileSync(`${openScratch()}/${digest}`, "utf8").split("\n");
  const stdin = script.join("\n");
  const isSecret = unwrap(named) !== named;
  return {
    ...inputs,
    create: run,
    stdin: isSecret ? { ...(named as object), value: stdin } : stdin,
  };
}
