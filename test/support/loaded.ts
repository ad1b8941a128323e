import { createRequire } from "node:module";

/** Whether this process has loaded a package. */
export function isLoaded(name: string): boolean {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).some((path) => path.includes(`/node_modules/${name}/`));
}
