import { afterEach, expect, vi } from "vitest";
import { ImitatedContainers, type ImitatedContainer } from "./imitated-containers.ts";
import { settingsFor, startFoot, ToldObserver } from "./told-observer.ts";

const engines: ImitatedContainers[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

/** An engine that is closed after the test. */
export async function engineWith(
  containers: Readonly<Record<string, ImitatedContainer>>,
): Promise<ImitatedContainers> {
  const engine = await new ImitatedContainers(containers).listen();
  engines.push(engine);
  return engine;
}

/** A host of one healthy container, whose world is known. */
export async function knownHost(containers: Readonly<Record<string, ImitatedContainer>> = {}) {
  const engine = await engineWith({
    immich: { status: "running", health: "healthy" },
    ...containers,
  });
  const observer = await ToldObserver.open();
  const settings = settingsFor(observer.url);
  const started = startFoot({ engine: engine.engine, settings: settings.path });
  await vi.waitFor(() => expect(stateOf(observer, "immich")).toBe("healthy"), WAIT);
  await vi.waitFor(() => expect(engine.isHeard).toBe(true), WAIT);
  return { engine, observer, settings, ...started };
}

/** How long a claim may take to come true. */
export const WAIT = { timeout: 30_000, interval: 10 };

/** What the Observer thinks of a service. */
export function stateOf(observer: ToldObserver, name: string): string | undefined {
  return observer.world.services[name]?.state;
}
