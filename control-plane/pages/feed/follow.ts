// Follows the server: by its stream, and by asking each ten seconds while that is cut.
import { openStream, readState, SignedOut } from "./api.ts";
import { stateIn } from "./answers.ts";
import { streamReader } from "./event-stream.ts";
import type { Arrival } from "./feed.ts";

/** The first state of a stream comes at once; a proxy that holds it back is none to wait for. */
const FIRST_MS = 4_000;
/** One that is cut sooner than this is cut again. */
const SHORTEST_MS = 2_000;
/** The server says something each 15 s. */
const SILENT_MS = 40_000;
/** With the wait for the first state, it asks each ten seconds. */
const PAUSE_MS = 6_000;

/** Follows until it is told to stop, or nobody is logged in any more. */
export async function follow(tell: (arrival: Arrival) => void, stop: AbortSignal): Promise<void> {
  try {
    while (!stop.aborted) {
      // A proxy may cut each stream after a while: the next one is opened at once.
      if (await readStream(tell, stop)) continue;
      if (stop.aborted) return;
      tell({ kind: "cut" });
      await ask(tell);
      await pause(PAUSE_MS, stop);
    }
  } catch (error) {
    if (!(error instanceof SignedOut)) throw error;
    if (!stop.aborted) tell({ kind: "session", session: null });
  }
}

/** Reads a stream to its end. Whether it was one for a while. @throws SignedOut */
async function readStream(tell: (arrival: Arrival) => void, stop: AbortSignal): Promise<boolean> {
  const end = new AbortController();
  const cut = (): void => end.abort();
  stop.addEventListener("abort", cut);
  let timer = setTimeout(cut, FIRST_MS);
  let hasState = false;
  const opened = Date.now();
  const wasOne = (): boolean => hasState && Date.now() - opened > SHORTEST_MS;
  try {
    const stream = await openStream(end.signal);
    const reader = stream.getReader();
    const decoder = new TextDecoder();
    const events = streamReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return wasOne();
      for (const { name, data } of events(decoder.decode(value, { stream: true }))) {
        if (name !== "state") continue;
        tell({ kind: "state", state: stateIn(JSON.parse(data)), by: "stream" });
        hasState = true;
      }
      if (!hasState) continue;
      tell({ kind: "alive" });
      clearTimeout(timer);
      timer = setTimeout(cut, SILENT_MS);
    }
  } catch (error) {
    if (error instanceof SignedOut) throw error;
    return wasOne() && !stop.aborted;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", cut);
    end.abort();
  }
}

/** @throws SignedOut */
async function ask(tell: (arrival: Arrival) => void): Promise<void> {
  try {
    tell({ kind: "state", state: await readState(), by: "asking" });
  } catch (error) {
    if (error instanceof SignedOut) throw error;
    tell({ kind: "lost" });
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
