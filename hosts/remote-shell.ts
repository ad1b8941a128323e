import { StringDecoder } from "node:string_decoder";
import { execa } from "execa";
import { HostError } from "../model/errors.ts";
import { lastLine } from "./last-line.ts";
import { checkoutFolder, prepareSshConfig, sshOptions } from "./ssh.ts";

/** What a script on a host left behind. */
export interface ScriptResult {
  readonly exitCode: number;
  /** What the login itself printed before the script began; empty as it should be. */
  readonly greeting: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit code of a script when the connection broke while it ran: ssh's own. */
export const CONNECTION_LOST = 255;

/** A host that ssh could not connect to. */
export class Unreachable extends HostError {
  /**
   * @param host ssh alias
   * @param reason ssh's last words
   */
  constructor(
    host: string,
    readonly reason: string,
  ) {
    super(
      "HL-UNREACHABLE",
      host,
      `ssh could not connect: ${reason}. Check that the host is on and that \`ssh ${host} true\` works.`,
    );
  }
}

/**
 * The error for a login that prints something. Our own scripts can do with it; the engine's client
 * speaks HTTP over the same kind of session and takes the line for an answer of the engine.
 */
export function noisyLogin(host: string, greeting: string): HostError {
  return new HostError(
    "HL-LOGIN",
    host,
    `${greetingText(host, greeting)}. Nothing was changed there.`,
  );
}

/** What such a login printed and what to do about it. */
export function greetingText(host: string, greeting: string): string {
  const line = greeting.split("\n")[0]?.slice(0, LONGEST_QUOTE) ?? "";
  return `the login itself prints "${line}", which garbles what Docker says over ssh. Find it in root's ~/.bashrc, /etc/bash.bashrc or ~/.ssh/rc on ${host} and print it for people only: case $- in *i*) … ;; esac. \`ssh ${host} true\` has to print nothing`;
}

const LONGEST_QUOTE = 120;

/** A host that has not run the first line by then is called unreachable. */
const CONNECT_SECONDS = 10;

/** First line of every script's output: what comes before it was printed by the login. */
const CONNECTED = "homelab-connected";

/** What stands first on ssh's command line counts, whatever a configuration says. */
const OF_ITS_OWN = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];

/** How a script is followed while it runs. */
export interface Following {
  /** Told each line of its standard output as it comes; the script's time is then that of its silence. */
  readonly onLine?: (line: string) => void;
  /** Ends it at once. */
  readonly signal?: AbortSignal;
  /** Logs in anew, whatever connections are open. @default a shared connection */
  readonly anew?: boolean;
}

/**
 * Runs a POSIX shell script as root of a host, in one ssh session with the user's own ssh
 * configuration.
 * @param host ssh alias
 * @param seconds longest time the script may take once connected
 * @throws HostError HL-UNREACHABLE within 10 s when ssh cannot connect, HL-HOST-SLOW when the
 *   script did not end in time
 * @throws UserError HL-SSH-CONFIG
 */
export async function runOnHost(
  host: string,
  script: string,
  seconds: number,
  { onLine, signal, anew = false }: Following = {},
): Promise<ScriptResult> {
  prepareSshConfig();
  const child = execa("ssh", [...(anew ? OF_ITS_OWN : []), ...sshOptions(), host, "sh", "-s"], {
    cwd: checkoutFolder(),
    input: `printf '\\n${CONNECTED}\\n'\n${script}`,
    reject: false,
    stripFinalNewline: false,
  });
  let stopped = false;
  // A helper of ssh (a jump host's connection) may outlive it and keep its output open, so the
  // output is given up too.
  const giveUp = (): void => {
    child.kill("SIGTERM");
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const stopAfter = (limit: number): NodeJS.Timeout =>
    setTimeout(() => {
      stopped = true;
      giveUp();
    }, limit * 1000);
  // ssh's own limit covers a new connection; neither a machine that accepts it and then says
  // nothing, nor a shared connection whose far end was cut off.
  let watch = stopAfter(CONNECT_SECONDS);
  const rewind = (): void => {
    clearTimeout(watch);
    watch = stopAfter(seconds);
  };
  let begun = "";
  const look = (data: Buffer): void => {
    begun += data.toString("latin1");
    const [, first] = begun.split(`\n${CONNECTED}\n`);
    if (first === undefined) return;
    child.stdout.off("data", look);
    rewind();
    if (!onLine) return;
    const take = linesTo(onLine);
    take(Buffer.from(first, "latin1"));
    child.stdout.on("data", take).on("data", rewind);
  };
  child.stdout.on("data", look);
  signal?.addEventListener("abort", giveUp);
  // Nobody is told of what was before.
  if (signal?.aborted) giveUp();
  const result = await child;
  signal?.removeEventListener("abort", giveUp);
  clearTimeout(watch);
  const output = afterGreeting(result.stdout);
  if (output === undefined) {
    const said = stopped ? "" : lastLine(result.stderr);
    throw new Unreachable(host, said || `no answer within ${CONNECT_SECONDS} s`);
  }
  if (stopped) {
    throw new HostError(
      "HL-HOST-SLOW",
      host,
      `did not finish within ${seconds} s; see its load with \`ssh ${host} top\``,
    );
  }
  return { exitCode: result.exitCode ?? 255, ...output, stderr: result.stderr.trimEnd() };
}

/** Hands on each whole line of what comes in pieces. */
function linesTo(onLine: (line: string) => void): (data: Buffer) => void {
  // A piece may end within a letter.
  const decoder = new StringDecoder();
  let rest = "";
  return (data) => {
    const lines = (rest + decoder.write(data)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
}

/** What the login printed and what the script printed; undefined when the script never began. */
export function afterGreeting(
  output: string,
): Pick<ScriptResult, "greeting" | "stdout"> | undefined {
  const mark = `\n${CONNECTED}\n`;
  const at = output.indexOf(mark);
  if (at < 0) return undefined;
  return {
    greeting: output.slice(0, at).trim(),
    stdout: output.slice(at + mark.length).replace(/\r?\n$/, ""),
  };
}
