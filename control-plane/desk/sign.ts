// Signs an order at the desk, with a key or an agent of the person who sits there.
import { spawn } from "node:child_process";
import { SIGNATURE_NAMESPACE } from "../../model/signers.ts";
import type { SignedOrder } from "../contract/order.ts";

/**
 * Signs a text as it is.
 * @param key file of the private key, or of the public one whose private one an agent has
 * @throws Error with what ssh-keygen says when it does not sign
 */
export async function signOrder(text: string, key: string): Promise<SignedOrder> {
  const args = ["-Y", "sign", "-f", key, "-n", SIGNATURE_NAMESPACE];
  const armored = await new Promise<string>((resolve, reject) => {
    const child = spawn("ssh-keygen", args, { stdio: ["pipe", "pipe", "pipe"] });
    let [output, said] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => (output += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (said += part));
    child.stdin.on("error", () => undefined);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`ssh-keygen did not sign with ${key}: ${said.trim()}`));
    });
    child.stdin.end(text);
  });
  return { version: 1, text, signature: { kind: "ssh", armored } };
}
