import { readFile, writeFile } from "node:fs/promises";

/**
 * Does something that changes several files. Where it fails, or is interrupted at the keyboard,
 * every one of them is as it was before.
 * @throws what the action throws
 */
export async function inAllOrNone(
  files: readonly string[],
  action: () => Promise<void>,
): Promise<void> {
  const before = await Promise.all(files.map((file) => readFile(file)));
  // The action's own child processes get Ctrl-C too and end; this one stays to put things back.
  const stay = (): void => undefined;
  process.on("SIGINT", stay);
  try {
    await action();
  } catch (error) {
    await Promise.all(
      files.map((file, index) => writeFile(file, before[index] ?? "", { mode: 0o600 })),
    );
    throw error;
  } finally {
    process.off("SIGINT", stay);
  }
}
