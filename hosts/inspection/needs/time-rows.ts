import { counted } from "../../../model/counted.ts";
import type { HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";

/** One-time passwords (RFC 6238) are of half a minute. */
const MOST_SECONDS = 30;

/** When this computer asked and had its answer, in seconds since 1970. */
export interface Asked {
  readonly from: number;
  readonly to: number;
}

/** The point about the host's clock: kept right by somebody, and the same as here. */
export function timeRows(host: string, answer: HostAnswer, asked: Asked): Verdict[] {
  const check = "clock";
  const offset = offsetOf(answer.clock, asked);
  if (offset === undefined) return [];
  if (Math.abs(offset) > MOST_SECONDS) {
    const side = offset > 0 ? "ahead of" : "behind";
    return [
      {
        check,
        state: "failure",
        seen: `${counted(Math.round(Math.abs(offset)), "second")} ${side} this computer's: one-time passwords and tokens are refused, and the copies' times are wrong`,
        remedy: `see which of the two is right: ssh ${host} date; date. Then: ssh ${host} timedatectl set-ntp true`,
      },
    ];
  }
  if (/^NTPSynchronized=no$/m.test(answer.timedatectl)) {
    const remedy = /^NTP=no$/m.test(answer.timedatectl)
      ? `ssh ${host} timedatectl set-ntp true; where it knows no way: apt-get install systemd-timesyncd`
      : `see why it gets no answer: ssh ${host} timedatectl timesync-status`;
    return [{ check, state: "warning", seen: "right now, but nobody keeps it right", remedy }];
  }
  return [{ check, state: "ok", seen: "as this computer's", remedy: "" }];
}

/** By how much it is off, no matter how long the way there and back took. */
function offsetOf(clock: number | undefined, { from, to }: Asked): number | undefined {
  if (clock === undefined) return undefined;
  // `date` counts whole seconds.
  if (clock < Math.floor(from)) return clock - from;
  return clock > to ? clock - to : 0;
}
