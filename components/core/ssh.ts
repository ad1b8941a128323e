/**
 * Everything that touches a host goes through the ssh configuration of the person who deploys:
 * aliases, known hosts, jump hosts, one shared connection. HOMELAB_SSH_CONFIG names another
 * configuration file than the user's own; it stays an environment variable, and is expanded by
 * the shell, so that the recorded state does not depend on the machine that deployed.
 */

/** A host that does not answer within this time is reported instead of waited for. */
const CONNECT_TIMEOUT_SECONDS = 10;

const OPTIONS = ["-o", "BatchMode=yes", "-o", `ConnectTimeout=${CONNECT_TIMEOUT_SECONDS}`];

/** The shell command that runs a script given on standard input as root of the host. */
export function runScript(alias: string): string {
  return `ssh \${HOMELAB_SSH_CONFIG:+-F "$HOMELAB_SSH_CONFIG"} ${OPTIONS.join(" ")} ${alias} sh -s`;
}

/** Options of the ssh that the Docker provider starts; the same configuration as above. */
export function providerSshOptions(environment: NodeJS.ProcessEnv = process.env): string[] {
  const config = environment["HOMELAB_SSH_CONFIG"];
  return [...(config ? ["-F", config] : []), ...OPTIONS];
}
