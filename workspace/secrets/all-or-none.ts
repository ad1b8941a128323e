import { readFile, stat } from "node:fs/promises";
import { UserError } from "../../model/errors.ts";
import { writeWhole } from "../whole-file.ts";

/** A file as it was. */
interface Kept {
  readonly file: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

/**
 * Does something that changes several files. Where it fails, or is interrupted at the keyboard,
 * every one of them is as it was before.
 * @throws what the action throws; UserError HL-HALF-CHANGED when that cannot be undone, as on a full
 *   disk. Each file is whole then, as it was before or as the action left it.
 */
export async function inAllOrNone(
  files: readonly string[],
  action: () => Promise<void>,
): Promise<void> {
  const before = await Promise.all(files.map(kept));
  // The action's own child processes get Ctrl-C too and end; this one stays to put things back.
  const stay = (): void => undefined;
  process.on("SIGINT", stay);
  try {
    await action();
  } catch (error) {
    await putBack(before, error);
    throw error;
  } finally {
    process.off("SIGINT", stay);
  }
}

async function kept(file: string): Promise<Kept> {
  const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
  return { file, content, mode: mode & 0o777 };
}

async function putBack(before: readonly Kept[], failure: unknown): Promise<void> {
  const results = await Promise.allSettled(
    before.map(({ file, content, mode }) => writeWhole(file, content, mode)),
  );
  const left = before.filter((_, index) => results[index]?.status === "rejected");
  if (left.length === 0) return;
  const reasons = results.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  throw new UserError(
    "HL-HALF-CHANGED",
    `${failure instanceof Error ? failure.message : String(failure)}\n` +
      `${left.map(({ file }) => file).join(", ")} could not be put back as before (${reasons[0]}). ` +
      "Make that possible, then take the earlier version from git, or repeat the command.",
  );
}
