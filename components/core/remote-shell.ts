import { execa } from "execa";
import { HostError } from "../../model/errors.ts";
import { providerSshOptions } from "./ssh.ts";

/** What a script on a host left behind. */
export interface ScriptResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

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

/** A host that has not run the first line by then is called unreachable. */
const CONNECT_SECONDS = 10;

const CONNECTED = "homelab-connected";

/**
 * Runs a POSIX shell script as root of a host, in one ssh session with the user's own ssh
 * configuration.
 * @param host ssh alias
 * @param seconds longest time the script may take once connected
 * @throws HostError HL-UNREACHABLE within 10 s when ssh cannot connect, HL-HOST-SLOW when the
 *   script did not end in time
 */
export async function runOnHost(
  host: string,
  script: string,
  seconds: number,
): Promise<ScriptResult> {
  const child = execa("ssh", [...providerSshOptions(), host, "sh", "-s"], {
    input: `echo ${CONNECTED}\n${script}`,
    reject: false,
  });
  let stopped = false;
  // A helper of ssh (a jump host's connection) may outlive it and keep its output open, so the
  // output is given up too.
  const stopAfter = (limit: number): NodeJS.Timeout =>
    setTimeout(() => {
      stopped = true;
      child.kill("SIGTERM");
      child.stdout.destroy();
      child.stderr.destroy();
    }, limit * 1000);
  // ssh's own limit covers a new connection; neither a machine that accepts it and then says
  // nothing, nor a shared connection whose far end was cut off.
  let watch = stopAfter(CONNECT_SECONDS);
  child.stdout.once("data", () => {
    clearTimeout(watch);
    watch = stopAfter(seconds);
  });
  const result = await child;
  clearTimeout(watch);
  if (!result.stdout.startsWith(CONNECTED)) {
    const said = stopped ? "" : result.stderr.trim().split("\n").at(-1);
    throw new Unreachable(host, said || `no answer within ${CONNECT_SECONDS} s`);
  }
  if (stopped) {
    throw new HostError(
      "HL-HOST-SLOW",
      host,
      `did not finish within ${seconds} s; see its load with \`ssh ${host} top\``,
    );
  }
  return {
    exitCode: result.exitCode ?? 255,
    stdout: result.stdout.slice(CONNECTED.length + 1),
    stderr: result.stderr,
  };
}
