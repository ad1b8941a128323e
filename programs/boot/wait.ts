import { setTimeout as delay } from "node:timers/promises";

/** Waits; ends early with the signal. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
