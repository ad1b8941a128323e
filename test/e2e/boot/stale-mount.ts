// What a mount that went stale does to the stand-ins of a Docker VM.
import { requirementTarget } from "../../../model/graph.ts";
import type { HostPlan } from "../../../model/host-plan.ts";
import type { SandboxSettings } from "../../../sandbox/settings.ts";
import { onDockerVm } from "./stand-ins.ts";

/** A look every minute, another after ten seconds, stops, mount, and the longest chain of starts. */
export const RENEWED_WITHIN_SECONDS = 60 + 10 + 30 + 30 + 20;

/** Who was given the mount behind a gate, and all that cannot run without one of them. */
export function whoSitsOn(plan: HostPlan, gate: string): string[] {
  const above = new Set<string>();
  for (let before = -1; before !== above.size;) {
    before = above.size;
    for (const { name, requires } of plan.services) {
      const sits = requires.some(({ on, strength }) => {
        const target = requirementTarget(plan.host, on).slice(plan.host.length + 1);
        return target === `gate:${gate}` || (strength === "hard" && above.has(target));
      });
      if (sits) above.add(name);
    }
  }
  return [...above].sort();
}

/** Ends the program that stands for a mount: whoever touches it gets ENOTCONN from then on. */
export async function killMountProgram(settings: SandboxSettings, source: string): Promise<void> {
  // The brackets keep the search from finding itself.
  const pattern = `fsname=[${source.slice(0, 1)}]${source.slice(1)},`;
  await onDockerVm(
    settings,
    `for process in /proc/[0-9]*; do
  tr '\\0' ' ' < $process/cmdline 2>/dev/null | grep -q '${pattern}' && kill -9 "\${process##*/}"
done; :`,
  );
}

/** What the system says about a path, in its own words; empty when all is well. */
export async function complaintAbout(settings: SandboxSettings, path: string): Promise<string> {
  return await onDockerVm(settings, `LC_ALL=C stat --file-system --format= ${path} 2>&1; :`);
}
