import type { HostDeclaration } from "./declaration.ts";
import type { ImageContract } from "./image-contract.ts";
import { isAbout } from "./image-reference.ts";

/** What all images of the given hosts ask of who runs them, each once. */
export function contractsOf(hosts: readonly HostDeclaration[]): ImageContract[] {
  return [...new Set(hosts.flatMap(({ contracts = [] }) => contracts))];
}

/** The contract of an image, if it has one. */
export function contractOf(
  image: string,
  contracts: readonly ImageContract[],
): ImageContract | undefined {
  return contracts.find(({ reference }) => isAbout(reference, image));
}

/**
 * The user that reads files mounted into an image, "uid:gid"; root, as which most images start,
 * where nobody could find out.
 * @throws Error when the image has no contract; `validate` reports that to people first
 */
export function readerOf(image: string, contracts: readonly ImageContract[]): string {
  const contract = contractOf(image, contracts);
  if (!contract) throw new Error(`"${image}" has no contract; name it in the images of its app`);
  return contract.secretReader.value ?? "0:0";
}
