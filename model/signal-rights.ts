import type { ServiceDeclaration } from "./declaration.ts";
import type { ImageContract } from "./image-contract.ts";
import { uidOf } from "./secret-readers.ts";

/**
 * A root process without KILL cannot signal one of another user: what passes the stop on would be
 * refused, and the server would be killed when its time is over.
 */
export function killProblems(
  service: ServiceDeclaration,
  { processes, capabilities }: ImageContract,
) {
  if (processes.value === undefined || service.capabilities?.includes("KILL")) return [];
  // Said by the capabilities already.
  if (capabilities.value?.stop.includes("KILL")) return [];
  // Then all of its processes are that user's.
  if (service.user !== undefined && uidOf(service.user) !== 0) return [];
  const stopper = service.init
    ? "the engine's init process"
    : processes.value.find(
        ({ role, user }) => (role === "init" || role === "supervisor") && uidOf(user) === 0,
      )?.program;
  const other = processes.value.find(({ user }) => uidOf(user) !== 0);
  if (stopper === undefined || other === undefined) return [];
  return [
    {
      path: "capabilities",
      message: `lacks KILL: ${stopper} is root's and has to stop ${other.program} of user ${other.user} (${processes.source}); add it`,
    },
  ];
}
