import type { HostDeclaration } from "../../model/declaration.ts";
import { containerState } from "../../model/engine-container.ts";
import { heldServices } from "../../model/held-services.ts";
import type { PutBackNote } from "../../model/fallback.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { containerChanges } from "../../hosts/engine/container-changes.ts";
import { nameOf, type InspectedContainer } from "../../hosts/engine/inspect.ts";
import { isReplaced } from "../../hosts/engine/replaced.ts";
import type { HostLook } from "./look.ts";
import type { Difference } from "./rows.ts";

/** What differs of the containers that are declared. */
export function containerDifferences(
  host: HostDeclaration,
  lock: ImageLock,
  look: HostLook,
): Difference[] {
  const { conditions } = look.observation;
  const closed = Object.keys(conditions).filter((name) => conditions[name]?.open === false);
  const held = heldServices(host, new Set(closed));
  const byName = new Map(look.containers.map((container) => [nameOf(container), container]));
  return host.services.flatMap((service): Difference[] => {
    const container = byName.get(service.name);
    const base = { kind: "container" as const, name: service.name };
    const behind = held.get(service.name)?.map((gate) => `gate ${gate}`) ?? [];
    const reason = behind.length > 0 ? `held back by ${behind.join(", ")}` : null;
    if (!container) {
      return [
        { ...base, change: "missing", field: "container", declared: "running", found: reason },
      ];
    }
    const gated = look.observation.gated[service.name];
    if (isReplaced(container, gated)) {
      const declared = gated?.slice(0, 12) ?? null;
      const found = container.Id.slice(0, 12);
      // Everything about it may differ; what counts is that it goes.
      return [{ ...base, change: "replaced", field: "id", declared, found }];
    }
    return [
      ...stateDifferences(container, reason),
      ...gateDifference(container, gated, look.observation.putBack[service.name]),
      ...containerChanges(service, container, {
        host,
        lock,
        images: look.images,
        devices: look.observation.devices,
      }).map((difference) => ({ change: "changed" as const, ...difference })),
    ].map((difference) => ({ ...base, ...difference }));
  });
}

type Found = Omit<Difference, "kind" | "name">;

function stateDifferences({ State }: InspectedContainer, reason: string | null): Found[] {
  if (State.Status !== "running") {
    const ended = State.Status === "exited" ? `exited with ${State.ExitCode ?? "?"}` : State.Status;
    const found = reason === null ? ended : `${ended}, ${reason}`;
    return [{ change: "stopped", field: "state", declared: "running", found }];
  }
  const state = containerState(State) ?? State.Status;
  if (state === "healthy") return [];
  const seen = state === "running" ? "without a check" : state;
  return [{ change: "unhealthy", field: "state", declared: "healthy", found: seen }];
}

/** One that never went through its gate is of an `up` that was cut short. */
function gateDifference(
  { Id }: InspectedContainer,
  gated: string | undefined,
  note: PutBackNote | undefined,
): Found[] {
  if (Id === gated) return [];
  const found = note?.back ? `by the host itself, ${note.at}: ${note.words}` : "never waited for";
  return [{ change: "changed", field: "healthGate", declared: "passed", found }];
}
