/** Ends a wait before its time. */
export class Bell {
  #ring: () => void = () => undefined;

  /** Whoever waits goes on. */
  ring(): void {
    this.#ring();
  }

  /** Waits until it rings, the time is over or the signal comes. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end, { once: true });
      this.#ring = end;
    });
  }
}
