import { execFile } from "node:child_process";

/**
 * Tells systemd that the unit is ready, and its state in one line. Does nothing where no unit runs
 * the program.
 */
export function notifyReady(status: string): void {
  if (process.env["NOTIFY_SOCKET"] === undefined) return;
  execFile("systemd-notify", ["--ready", `--status=${status}`], (error) => {
    if (error) process.stderr.write(`systemd-notify: ${error.message}\n`);
  });
}
