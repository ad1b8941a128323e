import { createHash } from "node:crypto";
import { execa } from "execa";
import { UserError } from "../../model/errors.ts";

/** A program that can read an image's manifest without pulling it. */
export type RegistryTool = "skopeo" | "docker";

/** Longest wait for one registry. */
const TIMEOUT_SECONDS = 60;

/**
 * The argv that prints the manifest of an image byte for byte. For an image of several platforms
 * this is its index, so the digest holds on every processor.
 */
export function manifestArgv(tool: RegistryTool, image: string): string[] {
  switch (tool) {
    case "skopeo":
      return ["skopeo", "inspect", "--raw", `docker://${image}`];
    case "docker":
      return ["docker", "buildx", "imagetools", "inspect", "--raw", image];
  }
}

/** The argv that succeeds when the tool is there. */
export function presenceArgv(tool: RegistryTool): string[] {
  return tool === "skopeo" ? ["skopeo", "--version"] : ["docker", "buildx", "version"];
}

/** A manifest's digest is the hash of its bytes. */
export function digestOf(manifest: Uint8Array): string {
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}

/**
 * The tool to use: skopeo, or Docker's buildx. Both log in as the user has set them up.
 * @throws UserError HL-REGISTRY-TOOL when neither is there
 */
export async function findRegistryTool(): Promise<RegistryTool> {
  for (const tool of ["skopeo", "docker"] as const) {
    const [program = "", ...args] = presenceArgv(tool);
    const { exitCode } = await execa(program, args, { reject: false, timeout: 20_000 });
    if (exitCode === 0) return tool;
  }
  throw new UserError(
    "HL-REGISTRY-TOOL",
    "asking a registry for a digest needs skopeo (package skopeo of most distributions) or Docker's buildx plugin; install one of them",
  );
}

/** The digest of an image, or why it could not be learnt. */
export async function askDigest(
  tool: RegistryTool,
  image: string,
): Promise<{ readonly digest: string } | { readonly problem: string }> {
  const [program = "", ...args] = manifestArgv(tool, image);
  const result = await execa(program, args, {
    reject: false,
    encoding: "buffer",
    // The bytes are hashed, so none may be taken away.
    stripFinalNewline: false,
    timeout: TIMEOUT_SECONDS * 1000,
  });
  if (result.timedOut) return { problem: `no answer within ${TIMEOUT_SECONDS} s` };
  const text = Buffer.from(result.stderr).toString().trim();
  if (result.exitCode !== 0) return { problem: reasonIn(text) };
  if (result.stdout.length === 0) return { problem: "the registry sent an empty manifest" };
  return { digest: digestOf(result.stdout) };
}

/** The part of a tool's output that says why: the end of its last line, without time and level. */
export function reasonIn(stderr: string): string {
  const last = stderr.split("\n").at(-1) ?? "";
  const message = /msg="(.*)"$/.exec(last)?.[1]?.replaceAll('\\"', '"');
  return (message ?? last.replace(/^ERROR:\s*/, "")) || "the tool gave no reason";
}
