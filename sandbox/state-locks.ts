// A Pulumi that was killed leaves its lock on the stack, and every later `pulumi up` stops at it.
// Elsewhere a person looks who deploys and calls `pulumi cancel`. The sandbox's state is of this
// computer alone, so who holds a lock can be seen here.
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { jsonIn } from "../model/json-in.ts";

/** A lock of Pulumi's file backend, as far as it is read here. */
const lockSchema = z.object({ pid: z.number().int().positive() });

/**
 * Removes the locks of Pulumi processes that are gone.
 * @param state folder of the state backend; need not exist
 */
export async function removeDeadLocks(state: string): Promise<void> {
  const locks = join(state, ".pulumi", "locks");
  const names = await readdir(locks, { recursive: true }).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(".json"))) {
    const file = join(locks, name);
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined || (await isHeld(text))) continue;
    await rm(file, { force: true });
    await rm(`${file}.attrs`, { force: true });
  }
}

/** A lock that cannot be read was being written when its process was killed. */
async function isHeld(text: string): Promise<boolean> {
  const { success, data } = lockSchema.safeParse(jsonIn(text));
  if (!success) return false;
  const name = await readFile(`/proc/${data.pid}/comm`, "utf8").catch(() => "");
  // Another program may have the number by now.
  return name.trim() === "pulumi";
}
