// Files on their way to a host: the newest text of each, one batch after another.
import { runThere, writeScript, type HostShell } from "./host-files.ts";

/** Brings files to a host. What could not be written stays and goes with the next batch. */
export class Outbox {
  readonly #files = new Map<string, string>();
  #removed: string[] = [];
  #last: Promise<void> = Promise.resolve();
  #sendsLater = false;
  #isClosed = false;

  /**
   * @param host its ssh alias, for errors
   * @param renewMark script that is run with each batch
   * @param again the command that goes on after a failure
   */
  constructor(
    readonly host: string,
    readonly shell: HostShell,
    readonly renewMark: string,
    readonly again: string,
  ) {}

  /** Puts a file in, in place of an older text of it. */
  put(path: string, text: string): void {
    this.#files.set(path, text);
  }

  /** Files that go before any is written. */
  remove(paths: readonly string[]): void {
    this.#removed.push(...paths);
  }

  /**
   * Sends what is in, after what is being sent; everything is on the host's disk then.
   * @throws HostError HL-DEPLOY-STATE, HL-UNREACHABLE, HL-HOST-SLOW
   */
  flush(): Promise<void> {
    const send = (): Promise<void> => this.#send();
    const next = this.#last.then(send, send);
    this.#last = next;
    return next;
  }

  /** Sends without anybody waiting. What fails is tried again with the next `flush`, which says so. */
  later(): void {
    if (this.#sendsLater || this.#isClosed) return;
    this.#sendsLater = true;
    void this.flush().then(
      () => {
        this.#sendsLater = false;
        if (this.#files.size > 0) this.later();
      },
      () => (this.#sendsLater = false),
    );
  }

  /**
   * Sends nothing later any more, and waits for what is on its way: what comes to the host after its
   * lock was given back would leave the mark of a deployment that is over.
   * @returns the files that are not on the host, by their paths there
   */
  async close(): Promise<ReadonlyMap<string, string>> {
    this.#isClosed = true;
    await this.#last.catch(() => undefined);
    return this.#files;
  }

  async #send(): Promise<void> {
    const files = new Map(this.#files);
    const removed = this.#removed;
    this.#files.clear();
    this.#removed = [];
    try {
      const script = writeScript(files, removed) + this.renewMark;
      await runThere(this.host, this.shell, script, { again: this.again });
    } catch (error) {
      // Unless something newer has come meanwhile.
      for (const [path, text] of files) if (!this.#files.has(path)) this.#files.set(path, text);
      this.#removed = [...removed, ...this.#removed];
      throw error;
    }
  }
}
