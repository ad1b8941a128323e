// How long each host has been silent while we listened. No clock is read for it: time in which this
// process was stopped, or was not there, is nobody's silence.

/** Counts seconds of silence. */
export class Silence {
  readonly #seconds = new Map<string, number>();

  /** Something came from the host. */
  heard(host: string): void {
    this.#seconds.set(host, 0);
  }

  /** So many seconds were listened to all of them. */
  listened(hosts: readonly string[], seconds: number): void {
    for (const host of hosts) this.#seconds.set(host, this.of(host) + seconds);
  }

  /** Seconds since something came from the host, or since we listen. */
  of(host: string): number {
    return this.#seconds.get(host) ?? 0;
  }
}
