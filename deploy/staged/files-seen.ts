import { nameOf } from "../../hosts/engine/inspect.ts";
import { FILES_LABEL } from "../../model/container-inputs.ts";
import type { HostLook } from "../drift/look.ts";

/**
 * Fingerprint of the files that each of these services has in its container, by its name: with
 * everything that was filled into them, programs and secrets too. Without who has none, or no container.
 */
export function filesSeen(
  services: readonly string[],
  look: Pick<HostLook, "containers">,
): Record<string, string> {
  return Object.fromEntries(
    look.containers.flatMap((one) => {
      const files = one.Config.Labels?.[FILES_LABEL];
      const name = nameOf(one);
      return files === undefined || !services.includes(name) ? [] : [[name, files] as const];
    }),
  );
}
