// A contender that PyPI has: a folder of its own in the cache, with exactly what its lock names.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../hosts/local-command.ts";

/** Longest time for a step, over a slow line too. */
const STEP_SECONDS = 900;

/**
 * Installs what bench/locks/<name>.txt names, unless it is there already.
 * @param cache folder that outlives the sandbox
 * @returns the folder of its programs
 * @throws HostError with pip's last words when it cannot be had
 */
export async function pythonTool(name: string, cache: string): Promise<string> {
  const lock = join(import.meta.dirname, "locks", `${name}.txt`);
  const key = createHash("sha256")
    .update(await readFile(lock))
    .digest("hex")
    .slice(0, 16);
  const folder = join(cache, "bench", `${name}-${key}`);
  const programs = join(folder, "bin");
  // Its programs name the folder, so it cannot be made elsewhere and moved.
  const whole = join(folder, "whole");
  if (await stat(whole).catch(() => undefined)) return programs;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const options = { timeoutSeconds: STEP_SECONDS };
  await run(["python3", "-m", "venv", folder], options);
  const install = ["install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
  await run([join(programs, "pip"), ...install, "--require-hashes", "-r", lock], options);
  await writeFile(whole, "");
  return programs;
}
