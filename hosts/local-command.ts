// Runs programs on this computer. Nothing here goes through a shell.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { HostError } from "../model/errors.ts";

/** How a program is run. */
export interface RunOptions {
  /** Text for its standard input, or what is read from a file as it goes. @default none */
  readonly input?: string | Readable;
  /** Added to the environment. @default nothing */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder. @default the current one */
  readonly cwd?: string;
  /** Give up after this long. @default 120 */
  readonly timeoutSeconds?: number;
  /** Exit codes that count as success. @default [0] */
  readonly okCodes?: readonly number[];
  /** Told each line of its standard error as it comes, for programs that print progress. */
  readonly onErrorLine?: (line: string) => void;
}

/** What a program answered. */
export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Runs a program to its end.
 * @throws HostError with the last lines of its output when it fails; never its input
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error("empty command");
  const running = execa(program, args, {
    reject: false,
    stdin: options.input === undefined ? "ignore" : "pipe",
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    timeout: (options.timeoutSeconds ?? 120) * 1000,
  });
  if (options.onErrorLine !== undefined) {
    createInterface({ input: running.stderr }).on("line", options.onErrorLine);
  }
  const result = await running;
  const code = result.exitCode ?? -1;
  if (!(options.okCodes ?? [0]).includes(code)) {
    const said = lastLines(result.stderr || result.stdout || result.shortMessage || "");
    const how = result.timedOut
      ? `did not end within ${options.timeoutSeconds ?? 120} s`
      : `ended with ${result.exitCode ?? result.signal ?? "no exit code"}`;
    throw new HostError(
      "HL-SANDBOX-COMMAND",
      "this computer",
      `"${argv.slice(0, 6).join(" ")}" ${how}${said === "" ? "" : `:\n${said}`}`,
      result.exitCode,
    );
  }
  return { stdout: result.stdout, stderr: result.stderr, exitCode: code };
}

/** Whether a program ends with exit code 0. */
export async function succeeds(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<boolean> {
  try {
    await run(argv, options);
    return true;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}
