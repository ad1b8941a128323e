// The process in its container. It is told by its environment: HOMELAB_ROOT (/opt/homelab), and
// HOMELAB_REPOSITORY, the file with the repository as data that was written at the start.
import { readFileSync } from "node:fs";
import { disk } from "../disk/disk.ts";
import { desiredOf } from "./desired.ts";
import { parseRepository } from "./repository-file.ts";
import { runSupervisor, Supervisor } from "./run.ts";

const { HOMELAB_ROOT: root = "/opt/homelab", HOMELAB_REPOSITORY: file = "/run/repository.json" } =
  process.env;

try {
  const desired = desiredOf(parseRepository(readFileSync(file, "utf8"), file));
  const stop = runSupervisor(new Supervisor({ disk, root, desired }), root, say);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
} catch (error) {
  say(`does not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

function say(message: string): void {
  process.stderr.write(`supervisor: ${message}\n`);
}
