// How often somebody may try to log in. Only the address of the connection counts: what a header says
// of another can be made up.
import { isIPv6 } from "node:net";

/** Failures are forgotten after so long. */
const WINDOW_MS = 10 * 60_000;
/** Failures of one peer after which it waits. */
const MOST_OF_PEER = 10;
/** Failures for one account after which every peer that has failed itself waits. */
const MOST_OF_ACCOUNT = 20;
/** Peers and accounts that are told apart; the oldest are forgotten first. */
const MOST_KEPT = 1000;

/** A login that failed. */
interface Failure {
  readonly at: number;
  readonly account: string;
}

/** Counts failures, each from when it happened. */
class Failures {
  readonly #kept = new Map<string, Failure[]>();

  note(key: string, account: string, now: number): void {
    const all = [...this.#of(key, now), { at: now, account }];
    // Behind the others: what is forgotten first stands in front.
    this.#kept.delete(key);
    this.#kept.set(key, all.slice(-MOST_OF_ACCOUNT));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** When those were that count still. */
  of(key: string, now: number): number[] {
    return this.#of(key, now).map(({ at }) => at);
  }

  /** Those of one account; others may come from the same address, as behind a proxy. */
  forget(key: string, account: string): void {
    const others = (this.#kept.get(key) ?? []).filter((each) => each.account !== account);
    if (others.length > 0) this.#kept.set(key, others);
    else this.#kept.delete(key);
  }

  #of(key: string, now: number): Failure[] {
    return (this.#kept.get(key) ?? []).filter(({ at }) => Math.abs(now - at) < WINDOW_MS);
  }
}

/** Limits of logins by account and by peer. */
export class LoginLimits {
  readonly #peers = new Failures();
  readonly #accounts = new Failures();

  /**
   * Seconds until a peer may try again; 0 when it may now. Who guesses an account's password from
   * many addresses shuts out those, and not who has the password and is somewhere else.
   */
  waitSeconds(peer: string, account: string, now: number): number {
    const own = this.#peers.of(networkOf(peer), now);
    const all = this.#accounts.of(account, now);
    return Math.max(
      waitFor(own, MOST_OF_PEER, now),
      own.length > 0 ? waitFor(all, MOST_OF_ACCOUNT, now) : 0,
    );
  }

  /** A login that failed. */
  failed(peer: string, account: string, now: number): void {
    this.#peers.note(networkOf(peer), account, now);
    this.#accounts.note(account, account, now);
  }

  /** A login that did not. */
  succeeded(peer: string, account: string): void {
    this.#peers.forget(networkOf(peer), account);
  }
}

/** Until the oldest of the newest so many is forgotten. */
function waitFor(times: readonly number[], most: number, now: number): number {
  const since = times.at(-most);
  return since === undefined ? 0 : Math.max(1, Math.ceil((since + WINDOW_MS - now) / 1000));
}

/** An address of IPv6 as its /64, of which one computer has them all. */
function networkOf(peer: string): string {
  const plain = peer.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = (plain.split("%")[0] ?? "").toLowerCase().split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  return [...front, ...(tail === undefined ? [] : zeros), ...back].slice(0, 4).join(":");
}
