/** One monitor, in the words of Uptime Kuma. */
export interface UptimeMonitor {
  /** Unique; a monitor is found again by it. */
  readonly name: string;
  readonly type: "http" | "keyword" | "port" | "ping" | "dns";
  /** For http and keyword. */
  readonly url?: string;
  /** For port, ping and dns. */
  readonly hostname?: string;
  /** For port and dns. */
  readonly port?: number;
  readonly keyword?: string;
  readonly dns_resolve_server?: string;
  readonly dns_resolve_type?: "A";
  /** For http and keyword. */
  readonly accepted_statuscodes?: readonly string[];
  /** Seconds between two questions. */
  readonly interval: number;
  /** Failures that are forgiven before it counts as down. */
  readonly maxretries: number;
  /** Who hears of it, see UptimeNotice. */
  readonly tier: "critical" | "warning" | "info";
  /** Whether anybody hears of it; else it is only seen on the page. @default true */
  readonly tells?: boolean;
  /** Host and service the question is about, e.g. "nas/samba", or the host alone. */
  readonly about: string;
}

/** Where Uptime Kuma publishes what it finds, for the monitors of one tier. */
export interface UptimeNotice {
  readonly tier: UptimeMonitor["tier"];
  /** Topic of ntfy. */
  readonly topic: string;
  /** ntfy's own scale, 1 to 5. */
  readonly priority: number;
}

/** Everything that Uptime Kuma is set to; the file that the program on its host reads. */
export interface UptimeSettings {
  /** Its page as the host reaches it, e.g. "http://127.0.0.1:3001". */
  readonly url: string;
  /** The one who signs in. Made at the first run. */
  readonly user: string;
  readonly password: string;
  /** ntfy as Uptime Kuma reaches it, and the token to publish with. */
  readonly ntfy: { readonly url: string; readonly token: string };
  readonly notices: readonly UptimeNotice[];
  readonly monitors: readonly UptimeMonitor[];
}
