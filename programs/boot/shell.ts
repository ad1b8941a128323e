// Short shell scripts that may hang.
import { spawn } from "node:child_process";

/** How a script ended. */
export interface ShellResult {
  /** Undefined when it had to be given up. */
  readonly exitCode: number | undefined;
  /** Its last line. */
  readonly output: string;
  /** Its process, when that was given up and may still hang. */
  readonly leftBehind?: number;
}

/**
 * Runs a shell script and gives its exit code and output (one line; undefined code when it had to
 * be given up). A process that hangs on a dead mount cannot be killed: it is left behind.
 */
export function runShell(
  script: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<ShellResult> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", script], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    const collect = (chunk: Buffer) => (output += chunk.toString("utf8"));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const settle = (exitCode: number | undefined, left: { leftBehind?: number } = {}) => {
      clearTimeout(limit);
      signal.removeEventListener("abort", giveUp);
      resolve({ exitCode, output: output.trim().split("\n").at(-1) ?? "", ...left });
    };
    const giveUp = () => {
      if (child.pid !== undefined) killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      settle(undefined, child.pid === undefined ? {} : { leftBehind: child.pid });
    };
    const limit = setTimeout(giveUp, limitMs);
    signal.addEventListener("abort", giveUp, { once: true });
    child.once("error", () => settle(undefined));
    child.once("close", (code) => settle(code ?? undefined));
  });
}

/** Whether a process that was left behind still hangs, or one that it started. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}
