import { note } from "../output.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Does something that a person can end: politely at the first signal, at once at the second. */
export async function interruptible<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    note("ends when what is under way is finished; again ends it at once");
    interrupt.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(interrupt.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
