import type { HostDeclaration } from "./declaration.ts";
import type { ImageContract } from "./image-contract.ts";
import { isAbout, isAnywhere } from "./image-reference.ts";

/** What all images of the given hosts ask of who runs them, each once. */
export function contractsOf(hosts: readonly HostDeclaration[]): ImageContract[] {
  return [...new Set(hosts.flatMap(({ contracts = [] }) => contracts))];
}

/** Contracts by what they are about. */
interface Catalogue {
  readonly byReference: ReadonlyMap<string, ImageContract>;
  /** Those of images that the household keeps where it likes. */
  readonly anywhere: readonly ImageContract[];
}

/** Every service is looked up in the same list, again and again. */
const catalogues = new WeakMap<readonly ImageContract[], Catalogue>();

/** The contract of an image, if it has one: of two the one that names it in full, or the first. */
export function contractOf(
  image: string,
  contracts: readonly ImageContract[],
): ImageContract | undefined {
  const { byReference, anywhere } = catalogueOf(contracts);
  return byReference.get(image) ?? anywhere.find(({ reference }) => isAbout(reference, image));
}

function catalogueOf(contracts: readonly ImageContract[]): Catalogue {
  const known = catalogues.get(contracts);
  if (known) return known;
  const catalogue = {
    byReference: new Map(
      contracts.toReversed().map((contract) => [contract.reference, contract] as const),
    ),
    anywhere: contracts.filter(({ reference }) => isAnywhere(reference)),
  };
  catalogues.set(contracts, catalogue);
  return catalogue;
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
