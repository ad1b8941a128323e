import { createNetworkMounts } from "../components/core/network-mounts.ts";
import { watchHost } from "../components/core/watch.ts";
import type { StackContext } from "./context.ts";
import { dockerVmGates, GROUND_FOLDERS, MOUNT_GROUND } from "../household/docker-vm.plan.ts";
import { joinMesh } from "./mesh.ts";
import { holdBack } from "./host-gates.ts";
import { realiseApps, realiseGates, realiseHost } from "./realise.ts";

/** The Docker VM, in the order of the deployment-order page (household/docker-vm.plan.ts). */
export async function dockerVm(context: StackContext): Promise<Record<string, unknown>> {
  const { apps } = context.fleet["docker-vm"];
  const host = realiseHost(context, {
    "restic-address": context.output("nas", "resticAddress"),
  });

  // The NAS's folders, and what else lies outside the containers
  const mounts = createNetworkMounts(
    "network-mounts",
    {
      alias: host.alias,
      ground: MOUNT_GROUND,
      folders: GROUND_FOLDERS,
      mounts: dockerVmGates(context.site).filter((gate) => gate.kind === "mount"),
      settings: context.site.nasMounts,
      observedToken: context.observation.files["network-mounts"],
    },
    { parent: host },
  );
  const gates = realiseGates(host, context, [mounts]);
  const finish = await holdBack(host, context, [...gates, ...(await joinMesh(host, context))]);

  realiseApps(host, apps);
  watchHost("boot-watch", host, context.bootProgram);
  finish();
  return { services: context.fleet["docker-vm"].declaration.services.length };
}
