import { greetingText } from "../remote-shell.ts";
import type { HostAnswer } from "./answer.ts";
import type { Verdict } from "./rows.ts";

/**
 * What sshd takes without a setting of anybody's (sshd_config(5)), and what a deployment counts on:
 * sessions on one connection, and logins at once before it begins to refuse some.
 */
const DEFAULTS = { MaxSessions: 10, MaxStartups: 10 } as const;

/** The points about the way to the machine: the login, and how much its sshd takes at once. */
export function sshRows(host: string, answer: Pick<HostAnswer, "greeting" | "sshd">): Verdict[] {
  return [loginRow(host, answer.greeting), ...limitRows(host, answer.sshd)];
}

function loginRow(host: string, greeting: string): Verdict {
  const check = "ssh";
  if (greeting === "") return { check, state: "ok", seen: `\`ssh ${host}\` works`, remedy: "" };
  const [seen = "", ...remedy] = greetingText(host, greeting).split(". ");
  return { check, state: "failure", seen, remedy: remedy.join(". ") };
}

function limitRows(host: string, words: string): Verdict[] {
  return Object.entries(DEFAULTS).flatMap(([name, least]): Verdict[] => {
    // "maxstartups 10:30:100": the first number is where it begins to refuse.
    const value = new RegExp(`\\b${name.toLowerCase()} (\\d+\\S*)`).exec(words)?.[1];
    if (value === undefined || Number.parseInt(value, 10) >= least) return [];
    return [
      {
        check: `sshd ${name}`,
        state: "failure",
        seen: `${value}, below sshd's own default of ${least}: it refuses some of the connections of a deployment`,
        remedy: `remove ${name} from /etc/ssh/sshd_config and sshd_config.d on ${host}, then: ssh ${host} systemctl reload ssh`,
      },
    ];
  });
}
