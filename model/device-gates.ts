import type { HostDeclaration, AppService } from "./declaration.ts";
import type { Problem } from "./problem.ts";

/**
 * Devices that a service gets only where they are there: those behind a soft gate. The engine
 * starts no container whose device is missing, so the others have to be waited for.
 */
export function softDevices(host: HostDeclaration, service: AppService): string[] {
  return (service.devices ?? []).filter((device) => strengthOf(host, service, device) === "soft");
}

/** Every device of the host's services that may be missing, once each. */
export function devicesToLookFor(host: HostDeclaration): string[] {
  return [...new Set(host.services.flatMap((service) => softDevices(host, service)))].sort();
}

/** Devices that nothing waits for. */
export function unguardedDevices(host: HostDeclaration): Problem[] {
  return host.services.flatMap((service) =>
    (service.devices ?? []).flatMap((device, index) =>
      strengthOf(host, service, device) === undefined
        ? [
            {
              path: `${host.host}.${service.name}.devices[${index}]`,
              message: `the engine does not start it without ${device}, and no gate looks for that; require a gate of kind "device" with this path: hard to wait for it, soft to start without it`,
            },
          ]
        : [],
    ),
  );
}

/** How much the service needs the device, by what it requires of the device's gates. */
function strengthOf(
  host: HostDeclaration,
  service: AppService,
  device: string,
): "hard" | "soft" | undefined {
  const gates = host.gates
    .filter((gate) => gate.kind === "device" && gate.path === device)
    .map(({ name }) => `gate:${name}`);
  const strengths = (service.requires ?? [])
    .filter(({ on }) => gates.includes(on))
    .map(({ strength }) => strength);
  return strengths.includes("hard") ? "hard" : strengths[0];
}
