import type { Mistake } from "../../compose/mistake.ts";
import type { Overridden } from "../../compose/override/override.ts";

/** What a person overrides on one host. */
export interface HostOverrides {
  readonly host: string;
  /** Why nobody knows; null when the host answered. */
  readonly away: string | null;
  readonly overridden: readonly Overridden[];
  readonly mistakes: readonly Mistake[];
}

/** The answer of `homelab overrides`; `--json` prints it. */
export interface OverridesReport {
  readonly version: 1;
  /** 0 all of it is sound, 2 there are mistakes, 1 a host is away. */
  readonly exitCode: 0 | 1 | 2;
  readonly hosts: readonly HostOverrides[];
}

/** The answers of all hosts as one. */
export function overridesReport(hosts: readonly HostOverrides[]): OverridesReport {
  const isAway = hosts.some(({ away }) => away !== null);
  const isWrong = hosts.some(({ mistakes }) => mistakes.length > 0);
  return { version: 1, exitCode: isAway ? 1 : isWrong ? 2 : 0, hosts };
}
