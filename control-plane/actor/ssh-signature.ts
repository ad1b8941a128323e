// Whether a person signed a text: `ssh-keygen -Y verify` with the keys that a deployment from the desk
// put on the host. The text goes in as it is; nothing of it becomes an argument.
import { spawn } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SIGNATURE_NAMESPACE, SIGNER_NAME } from "../../model/signers.ts";

/** Who signed, or why nobody did. */
export type Signer = { readonly by: string } | { readonly refused: string };

/** With what signatures are checked. */
export interface SshKeys {
  /** File of allowed signers, see ssh-keygen(1). */
  readonly allowedSigners: string;
  /** @default "ssh-keygen" */
  readonly program?: string;
}

const TIMEOUT_MS = 10_000;

/** Who signed a text in our namespace. @param armored what `ssh-keygen -Y sign` printed */
export async function signerOf(
  text: string,
  armored: string,
  { allowedSigners, program = "ssh-keygen" }: SshKeys,
): Promise<Signer> {
  const trouble = await troubleWith(allowedSigners);
  if (trouble !== undefined) return { refused: trouble };
  const folder = await mkdtemp(join(tmpdir(), "order-"));
  try {
    const signature = join(folder, "order.sig");
    await writeFile(signature, armored, { mode: 0o600 });
    const files = ["-f", allowedSigners, "-s", signature];
    const found = await run([program, "-Y", "find-principals", ...files], "");
    const names = found.code === 0 ? found.output.split("\n") : [];
    const principals = names.filter((name) => SIGNER_NAME.test(name));
    for (const by of principals) {
      const argv = [program, "-Y", "verify", ...files, "-I", by, "-n", SIGNATURE_NAMESPACE];
      if ((await run(argv, text)).code === 0) return { by };
    }
    return {
      refused:
        principals.length === 0
          ? "nobody whose key is on this host signed it"
          : "its signature is not good for this text",
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that is not there, empty, or that anybody could have written allows nobody. */
async function troubleWith(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return `there is no file of allowed signers at ${path}`;
  if (found.size === 0) return `${path} names nobody`;
  if (found.uid !== process.getuid?.()) return `${path} is another user's`;
  if ((found.mode & 0o022) !== 0) return `${path} can be written by others than its owner`;
  return undefined;
}

function run(
  [program = "", ...args]: readonly string[],
  input: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["pipe", "pipe", "ignore"],
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (output += part));
    // It may end before it has read everything; its code says the rest.
    child.stdin.on("error", () => undefined);
    child.once("error", () => resolve({ code: null, output: "" }));
    child.once("close", (code) => resolve({ code, output }));
    child.stdin.end(input);
  });
}
