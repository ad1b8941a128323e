import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../model/errors.ts";

/**
 * Everything that touches a host goes through the ssh configuration of the person who deploys
 * (aliases, known hosts, jump hosts) and over connections that are shared (SHARED_CONFIG).
 * HOMELAB_SSH_CONFIG names another configuration file than the user's own; it stays an environment
 * variable, and is expanded by the shell, so that the recorded state does not depend on the machine
 * that deployed. For the same reason the path of the shared one is relative: the program, its
 * plugins and the commands that they run all run in the checkout. That path is in every recorded
 * deletion, also of earlier commits, so the file stays there (ADR 0021).
 */
const SHARED_CONFIG = "components/core/ssh/shared.conf";

/** Ending of the shared configuration that stands beside the one of HOMELAB_SSH_CONFIG. */
const ENDING = ".shared";

/** A host that does not answer within this time is reported instead of waited for. */
const CONNECT_TIMEOUT_SECONDS = 10;

const OPTIONS = ["-o", "BatchMode=yes", "-o", `ConnectTimeout=${CONNECT_TIMEOUT_SECONDS}`];

/** The shell command that runs a script given on standard input as root of the host. */
export function runScript(alias: string): string {
  const config = `"\${HOMELAB_SSH_CONFIG:-${SHARED_CONFIG}}\${HOMELAB_SSH_CONFIG:+${ENDING}}"`;
  return `ssh -F ${config} ${OPTIONS.join(" ")} ${alias} sh -s`;
}

/** Options of every ssh that this program and its Docker provider start in the checkout. */
export function sshOptions(environment: NodeJS.ProcessEnv = process.env): string[] {
  const config = environment["HOMELAB_SSH_CONFIG"];
  return ["-F", config ? `${resolve(config)}${ENDING}` : SHARED_CONFIG, ...OPTIONS];
}

/**
 * Folder that ssh has to be started in. The `homelab` command can be called from anywhere and says
 * where its checkout is.
 */
export function checkoutFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment["HOMELAB_CHECKOUT"] ?? process.cwd();
}

/** Ends a text, is a pattern or an escape in an ssh configuration, and cannot be kept from it. */
const UNUSABLE_IN_PATH = /["'\\*?[\n]/;

/**
 * Writes the shared configuration beside the one that HOMELAB_SSH_CONFIG names, if it names one;
 * to be called before ssh is.
 * @throws UserError HL-SSH-CONFIG when it cannot be written there, or ssh could not include that file
 */
export function prepareSshConfig(environment: NodeJS.ProcessEnv = process.env): void {
  const named = environment["HOMELAB_SSH_CONFIG"];
  if (!named) return;
  const config = resolve(named);
  // ssh takes no note of what it does not find, and connects to whatever has the alias for its name.
  if (UNUSABLE_IN_PATH.test(config)) {
    throw new UserError(
      "HL-SSH-CONFIG",
      `HOMELAB_SSH_CONFIG names "${config}", and an ssh configuration cannot hold a path with any of " ' \\ * ? [ in it; move the file to one without`,
    );
  }
  if (!existsSync(config)) {
    throw new UserError(
      "HL-SSH-CONFIG",
      `HOMELAB_SSH_CONFIG names "${config}", which does not exist; write it, or unset the variable`,
    );
  }
  const shared = readFileSync(resolve(checkoutFolder(environment), SHARED_CONFIG), "utf8");
  const text = sharedConfigOf(shared, config);
  const path = `${config}${ENDING}`;
  try {
    if (textOf(path) === text) return;
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  } catch (error) {
    throw new UserError(
      "HL-SSH-CONFIG",
      `"${path}" cannot be written (${(error as Error).message}); HOMELAB_SSH_CONFIG must name a file in a folder of yours, or be unset`,
    );
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The shared configuration, with another file in place of the user's and the system's. */
export function sharedConfigOf(shared: string, config: string): string {
  const name = createHash("sha256").update(config).digest("hex").slice(0, 8);
  return shared
    .replaceAll("'%n'", `'%n' '${config.replaceAll("%", "%%")}' ${name}`)
    .replace(/^Include .*\n/gm, "")
    .concat(`Include "${config}"\n`);
}
