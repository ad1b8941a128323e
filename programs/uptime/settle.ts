import type { UptimeMonitor, UptimeSettings } from "./settings.ts";
import { Refused, type Connection } from "./connection.ts";
import {
  isSame,
  monitorDifferences,
  monitorFields,
  noticeDifferences,
  noticeFields,
  type Differences,
  type Fields,
  type Listed,
} from "./differences.ts";

/** Whether Uptime Kuma has exactly what is declared. Changes nothing. */
export async function isSettled(
  connection: Connection,
  settings: UptimeSettings,
): Promise<boolean> {
  const notices = await connection.notices();
  if (!isSame(noticeDifferences(declaredNotices(settings), notices))) return false;
  const declared = declaredMonitors(settings, notices);
  return isSame(monitorDifferences(declared, await connection.monitors()));
}

/**
 * Makes Uptime Kuma have what is declared, and leaves alone what a person made.
 * @returns what was done in one line; empty when there was nothing to do
 * @throws Refused when it did not keep what it was given
 */
export async function settle(connection: Connection, settings: UptimeSettings): Promise<string> {
  const before = noticeDifferences(declaredNotices(settings), await connection.notices());
  for (const fields of before.add) await connection.saveNotice(fields, null);
  for (const { listed, fields } of before.edit) await connection.saveNotice(fields, listed.id);

  const declared = declaredMonitors(settings, await connection.notices());
  const changes = monitorDifferences(declared, await connection.monitors());
  for (const listed of changes.remove) await connection.removeMonitor(listed);
  for (const { listed, fields } of changes.edit) await connection.editMonitor(listed, fields);
  for (const fields of changes.add) await connection.addMonitor(fields);
  // Last, so that no monitor of ours is ever without one.
  for (const listed of before.remove) await connection.removeNotice(listed);

  const left = monitorDifferences(declared, await connection.monitors());
  if (!isSame(left)) throw new Refused(`it did not keep what it was given: ${namesOf(left)}`);
  return summary(changes);
}

function declaredNotices(settings: UptimeSettings): Fields[] {
  return settings.notices.map((notice) => noticeFields(notice, settings.ntfy));
}

function declaredMonitors(settings: UptimeSettings, notices: readonly Listed[]): Fields[] {
  const idOf = (tier: UptimeMonitor["tier"]) => {
    const { name } = noticeFields({ tier, topic: "", priority: 1 }, settings.ntfy);
    return notices.find((notice) => notice["name"] === name)?.id ?? 0;
  };
  const ids = { critical: idOf("critical"), warning: idOf("warning"), info: idOf("info") };
  return settings.monitors.map((monitor) => monitorFields(monitor, ids));
}

function summary({ add, edit, remove }: Differences): string {
  const parts = [
    [add.length, "added"],
    [edit.length, "changed"],
    [remove.length, "removed"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(", ");
}

function namesOf({ add, edit, remove }: Differences): string {
  return [...add, ...edit.map(({ fields }) => fields), ...remove]
    .map(({ name }) => String(name))
    .join(", ");
}
