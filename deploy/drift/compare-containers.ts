import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { heldServices } from "../../model/held-services.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { compareFacts } from "./compare-facts.ts";
import { expectedFacts } from "./expected.ts";
import { foundFacts } from "./found.ts";
import { isReplaced, nameOf, type InspectedContainer, type InspectedImage } from "./inspect.ts";
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
      ...gateDifference(container, gated),
      ...changes(host, lock, look, service, container),
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
  const seen = State.Health?.Status ?? "without a check";
  if (seen === "healthy") return [];
  return [{ change: "unhealthy", field: "state", declared: "healthy", found: seen }];
}

/** One that never went through its gate is of an `up` that was cut short. */
function gateDifference({ Id }: InspectedContainer, gated: string | undefined): Found[] {
  if (Id === gated) return [];
  const found = "never waited for";
  return [{ change: "changed", field: "healthGate", declared: "passed", found }];
}

function changes(
  host: HostDeclaration,
  lock: ImageLock,
  look: HostLook,
  service: ServiceDeclaration,
  container: InspectedContainer,
): Found[] {
  const image = imageOf(container, look.images);
  const { devices } = look.observation;
  return compareFacts(
    expectedFacts(service, { host, lock, devices, image, id: container.Id }),
    foundFacts(container, image, service.image, lock),
    (service.files ?? []).length > 0,
  ).map((difference) => ({ change: "changed", ...difference }));
}

/**
 * The image that a container was made from, by its id, or by the digest in its name: stores of
 * images differ in what an id is. Undefined when the engine has none any more.
 */
export function imageOf(
  { Image, Config }: InspectedContainer,
  images: readonly InspectedImage[],
): InspectedImage | undefined {
  const digest = Config.Image.split("@")[1];
  return (
    images.find(({ Id }) => Id === Image) ??
    images.find(({ RepoDigests }) =>
      (RepoDigests ?? []).some((name) => digest !== undefined && name.endsWith(`@${digest}`)),
    )
  );
}
