// Listens to the engine for as long as the program runs, whatever becomes of a boot meanwhile.
import type { Happening } from "../../../control-plane/contract/events.ts";
import type { Engine } from "../engine.ts";
import { wait } from "../wait.ts";
import { backoffMs, type Pauses } from "./backoff.ts";
import { saidIn, TOLD_EVENTS } from "./engine-said.ts";

/** Who is told what was heard. */
export interface Listener {
  readonly heard: (happening: Happening) => void;
  /** From now on everything is heard; what is there already was not. */
  readonly listening: () => void;
  /** What happens from now on is not heard. */
  readonly deaf: () => void;
}

/** Listens until the signal comes; again whenever the engine went away. */
export async function listen(
  engine: Pick<Engine, "follow">,
  listener: Listener,
  pauses: Pauses,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      const stream = await engine.follow(TOLD_EVENTS, (line) => {
        const happening = signal.aborted ? undefined : saidIn(line);
        if (happening) listener.heard(happening);
      });
      const close = (): void => stream.close();
      signal.addEventListener("abort", close, { once: true });
      if (signal.aborted) close();
      const began = performance.now();
      listener.listening();
      await stream.ended;
      signal.removeEventListener("abort", close);
      if (!signal.aborted) listener.deaf();
      if (performance.now() - began > pauses.longestMs) failures = 0;
    } catch {
      // That the engine does not answer is what a look tells.
    }
    failures += 1;
    await wait(backoffMs(pauses, failures, Math.random()), signal);
  }
}
