import type { Monitor, MonitorSettings } from "../../model/monitor.ts";

/** One monitor, in the words of Uptime Kuma. */
export interface UptimeMonitor extends Pick<
  Monitor,
  "name" | "url" | "hostname" | "port" | "keyword" | "interval" | "tier" | "tells" | "about"
> {
  readonly type: "http" | "keyword" | "port" | "ping" | "dns";
  readonly dns_resolve_server?: string;
  readonly dns_resolve_type?: "A";
  readonly accepted_statuscodes?: readonly string[];
  readonly maxretries: number;
}

/** Everything that Uptime Kuma is set to; the file that the program on its host reads. */
export interface UptimeSettings extends Omit<MonitorSettings, "monitors"> {
  readonly monitors: readonly UptimeMonitor[];
}

/** What Uptime Kuma calls a field of a monitor, where that is another word. */
const FIELDS: Readonly<Record<string, string>> = {
  kind: "type",
  resolver: "dns_resolve_server",
  record: "dns_resolve_type",
  statuses: "accepted_statuscodes",
  retries: "maxretries",
};

/** The settings with their monitors in the words of Uptime Kuma. */
export function settingsFor(declared: MonitorSettings): UptimeSettings {
  return { ...declared, monitors: declared.monitors.map(inItsWords) };
}

/** Leaves the fields in their order: the file on the host is another one when its text is. */
function inItsWords(monitor: Monitor): UptimeMonitor {
  const renamed = Object.entries({ ...monitor, kind: typeOf(monitor) }).map(
    ([field, value]): [string, unknown] => [FIELDS[field] ?? field, value],
  );
  return Object.fromEntries(renamed) as unknown as UptimeMonitor;
}

function typeOf({ kind }: Monitor): UptimeMonitor["type"] {
  return kind === "tcp" ? "port" : kind;
}
