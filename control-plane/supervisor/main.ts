// The process in its container. It is told by its environment: HOMELAB_ROOT (/opt/homelab), and
// HOMELAB_REPOSITORY, the file with the repository as data that was written at the start. Where
// HOMELAB_NOTIFY names a file, that says whom it tells (default: nobody).
import { readFileSync } from "node:fs";
import { disk } from "../disk/disk.ts";
import { desiredOf } from "./desired.ts";
import { parseRepository } from "./repository-file.ts";
import { Notifier } from "./notify/notifier.ts";
import { post } from "./notify/post.ts";
import { readNotifySettings } from "./notify/settings.ts";
import { runSupervisor, Supervisor } from "./run.ts";

const {
  HOMELAB_ROOT: root = "/opt/homelab",
  HOMELAB_REPOSITORY: file = "/run/repository.json",
  HOMELAB_NOTIFY: notify,
} = process.env;

try {
  const desired = desiredOf(parseRepository(readFileSync(file, "utf8"), file));
  const notifier = notify === undefined ? undefined : notifierFor(notify);
  const supervisor = new Supervisor({ disk, root, desired, ...(notifier && { notifier }) });
  const stop = runSupervisor(supervisor, root, say);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stop();
      notifier?.stop();
    });
  }
} catch (error) {
  say(`does not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

function notifierFor(path: string): Notifier {
  const settings = readNotifySettings(path);
  return new Notifier({ disk, root, settings, post, now: Date.now, complain: say });
}

function say(message: string): void {
  process.stderr.write(`supervisor: ${message}\n`);
}
