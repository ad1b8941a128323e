// One `up` or `down` at a time per sandbox. The lock names a process and when it started, so that a
// lock left by a killed process holds nobody up.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../model/errors.ts";

/**
 * Runs `work` while holding the sandbox's lock.
 * @param work is told whether the process that held the lock before was killed
 * @throws UserError when another process has it
 */
export async function withLock<T>(
  folder: string,
  work: (afterKill: boolean) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const file = join(folder, "lock");
  const own = `${process.pid} ${await startTime(process.pid)}`;
  let afterKill = false;
  for (;;) {
    try {
      await writeFile(file, own, { flag: "wx" });
      break;
    } catch {
      const holder = await readFile(file, "utf8").catch(() => "");
      const [id, started] = holder.split(" ");
      if (id !== undefined && started !== undefined && (await startTime(Number(id))) === started) {
        throw new UserError(
          "HL-SANDBOX-BUSY",
          `process ${id} is bringing this sandbox up or down; wait for it to end`,
        );
      }
      afterKill = true;
      await rm(file, { force: true });
    }
  }
  try {
    return await work(afterKill);
  } finally {
    await rm(file, { force: true });
  }
}

/** When a process started, in clock ticks since boot, or undefined when there is none. */
async function startTime(id: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${id}/stat`, "utf8").catch(() => undefined);
  // The name in parentheses may hold spaces; field 22 is the 20th after it.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}
