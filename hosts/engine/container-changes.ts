import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { compareFacts, type FieldDifference } from "./compare-facts.ts";
import { expectedFacts } from "./expected.ts";
import { foundFacts } from "./found.ts";
import type { InspectedContainer, InspectedImage } from "./inspect.ts";

/** What a container is compared with, beside its declaration. */
export interface ComparedWith {
  readonly host: HostDeclaration;
  readonly lock: ImageLock;
  /** The images that the host's containers were made from. */
  readonly images: readonly InspectedImage[];
  /** Devices that may be missing and are there. */
  readonly devices: readonly string[];
}

/** Every field in which a service's container is not as it is declared; no secret is in it. */
export function containerChanges(
  service: ServiceDeclaration,
  container: InspectedContainer,
  { host, lock, images, devices }: ComparedWith,
): FieldDifference[] {
  const image = imageOf(container, images);
  return compareFacts(
    expectedFacts(service, { host, lock, devices, image, id: container.Id }),
    foundFacts(container, image, service.image, lock),
    (service.files ?? []).length > 0,
  );
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
