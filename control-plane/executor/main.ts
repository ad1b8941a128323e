// The process in its container. It is told by its environment: HOMELAB_ROOT ("/opt/homelab"),
// HOMELAB_TOKENS (the folder "tokens" in it), HOMELAB_LISTEN ("0.0.0.0:8082"), and HOMELAB_OWN, the
// services of the control plane, e.g. "vps/observer vps/executor".
import { disk } from "../disk/disk.ts";
import { runExecutor } from "./run.ts";

const {
  HOMELAB_ROOT = "/opt/homelab",
  HOMELAB_TOKENS = `${HOMELAB_ROOT}/tokens`,
  HOMELAB_LISTEN = "0.0.0.0:8082",
  HOMELAB_OWN = "",
} = process.env;
const at = HOMELAB_LISTEN.lastIndexOf(":");

try {
  const running = await runExecutor({
    disk,
    root: HOMELAB_ROOT,
    tokens: HOMELAB_TOKENS,
    address: HOMELAB_LISTEN.slice(0, at),
    port: Number(HOMELAB_LISTEN.slice(at + 1)),
    own: new Set(HOMELAB_OWN.split(" ").filter((id) => id !== "")),
    complain: say,
  });
  process.stdout.write(`executor: listens on port ${running.port}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void running.stop());
  }
} catch (error) {
  say(`does not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

function say(message: string): void {
  process.stderr.write(`executor: ${message}\n`);
}
