import { execa } from "execa";
import { providerSshOptions } from "../components/core/ssh.ts";
import { HostError } from "../model/errors.ts";
import type { HostName } from "../model/host-names.ts";

/** What a script on a host left behind. */
export interface ScriptResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host that has not run the first line by then is called unreachable. */
const CONNECT_SECONDS = 10;

const CONNECTED = "homelab-connected";

/**
 * Runs a POSIX shell script as root of a host, in one ssh session with the user's own ssh
 * configuration. Containers and hosts are only ever spoken to through this.
 * @param seconds longest time the script may take once connected
 * @throws HostError HL-UNREACHABLE within 10 s when ssh cannot connect, HL-HOST-SLOW when the
 *   script did not end in time
 */
export async function runOnHost(
  host: HostName,
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
  // ssh's own limit covers the connection, not a machine that accepts it and then says nothing.
  let watch = stopAfter(CONNECT_SECONDS);
  child.stdout.once("data", () => {
    clearTimeout(watch);
    watch = stopAfter(seconds);
  });
  const result = await child;
  clearTimeout(watch);
  if (!result.stdout.startsWith(CONNECTED)) throw unreachable(host, stopped ? "" : result.stderr);
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

function unreachable(host: HostName, stderr: string): HostError {
  const said = stderr.trim().split("\n").at(-1) || `no answer within ${CONNECT_SECONDS} s`;
  return new HostError(
    "HL-UNREACHABLE",
    host,
    `ssh could not connect: ${said}. Check that the host is on and that \`ssh ${host} true\` works.`,
  );
}
