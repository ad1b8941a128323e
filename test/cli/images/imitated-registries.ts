import { vi } from "vitest";
import { imitateImages, type FilledRegistry } from "../../workspace/images/imitated-images.ts";

/** Lets one imitation stand for every registry, so that no packet leaves this computer. */
export async function imitateRegistries(): Promise<FilledRegistry> {
  const registry = await imitateImages();
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (input: string | URL, init: RequestInit) => {
    const url = new URL(input);
    return real(`http://${registry.name}${url.pathname}${url.search}`, init);
  });
  return {
    ...registry,
    close: async () => {
      vi.unstubAllGlobals();
      await registry.close();
    },
  };
}
