// The Executor's process, which kills itself right after the disk has taken its n-th change.
import { disk, type Disk } from "../../../control-plane/disk/disk.ts";
import { runExecutor } from "../../../control-plane/executor/run.ts";

const { ROOT: root = "", DIES_AFTER = "0", CLOCK_AHEAD_MS = "0" } = process.env;
let changes = 0;

/** A change after which the process may be gone. */
function mortal<Args extends readonly unknown[], Result>(
  change: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    const result = change(...args);
    changes += 1;
    if (changes === Number(DIES_AFTER)) process.kill(process.pid, "SIGKILL");
    return result;
  };
}

const mortalDisk: Disk = {
  ...disk,
  write: mortal(disk.write),
  create: mortal(disk.create),
  append: mortal(disk.append),
  move: mortal(disk.move),
};

const running = await runExecutor({
  disk: mortalDisk,
  root,
  tokens: `${root}/tokens`,
  address: "127.0.0.1",
  port: 0,
  own: new Set(),
  complain: (message) => process.stderr.write(`${message}\n`),
  lookEachMs: 50,
  now: () => Date.now() + Number(CLOCK_AHEAD_MS),
});
process.stdout.write(`port ${running.port}\n`);
