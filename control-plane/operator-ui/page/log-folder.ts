// The files of the log, as the page finds them.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { inLogOrder, isLogDay, logFileIn, type LogFile } from "../../contract/log-files.ts";

/** The files of the log in order; none before the Observer's first start. */
export async function logFiles(folder: string): Promise<LogFile[]> {
  const days = (await readdir(folder).catch(() => [])).filter(isLogDay);
  const each = days.map(async (day) => {
    const names = await readdir(join(folder, day)).catch(() => []);
    return names.flatMap((name) => logFileIn(day, name) ?? []);
  });
  return (await Promise.all(each)).flat().sort(inLogOrder);
}
