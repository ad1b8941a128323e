/** A question that is asked again and again about something, from outside of it. */
export interface Monitor {
  /** Unique; a monitor is found again by it. */
  readonly name: string;
  readonly kind: "http" | "keyword" | "tcp" | "ping" | "dns";
  /** For http and keyword. */
  readonly url?: string;
  /** For tcp, ping and dns. */
  readonly hostname?: string;
  /** For tcp and dns. */
  readonly port?: number;
  /** Word that must be in the answer, for keyword. */
  readonly keyword?: string;
  /** Address that is asked, for dns. */
  readonly resolver?: string;
  /** What is asked for, for dns. */
  readonly record?: "A";
  /** Answers that count as good, for http and keyword, e.g. ["200"]. */
  readonly statuses?: readonly string[];
  /** Seconds between two questions. */
  readonly interval: number;
  /** Failures that are forgiven before it counts as down. */
  readonly retries: number;
  /** Who hears of it, see MonitorNotice. */
  readonly tier: "critical" | "warning" | "info";
  /** Whether anybody hears of it; else it is only seen on the page. @default true */
  readonly tells?: boolean;
  /** Host and service the question is about, e.g. "nas/samba", or the host alone. */
  readonly about: string;
}

/** Where what the monitors of one tier find is published. */
export interface MonitorNotice {
  readonly tier: Monitor["tier"];
  readonly topic: string;
  /** 1 to 5, the most urgent. */
  readonly priority: number;
}

/** Everything that the program which asks is set to. */
export interface MonitorSettings {
  /** Its page as the host reaches it, e.g. "http://127.0.0.1:3001". */
  readonly url: string;
  /** The one who signs in. Made at the first run. */
  readonly user: string;
  readonly password: string;
  /** ntfy as that program reaches it, and the token to publish with. */
  readonly ntfy: { readonly url: string; readonly token: string };
  readonly notices: readonly MonitorNotice[];
  readonly monitors: readonly Monitor[];
}
