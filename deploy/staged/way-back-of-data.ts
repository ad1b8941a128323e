// Whether an earlier image opens what a newer one may have written. Pure.
import { contractOf } from "../../model/image-catalogue.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { repositoryOf } from "../../model/image-name.ts";
import { dataChange } from "../../workspace/images/data-change.ts";

/**
 * Why the data of a service keeps it from going back; undefined when it does not.
 * @param declared image of the service now, whose contract counts
 * @param made image that is to open the data
 * @param since other images that may have written it. @default none
 */
export function dataProblem(
  name: string,
  declared: string,
  made: string,
  contracts: readonly ImageContract[],
  since: readonly string[] = [],
): string | undefined {
  const contract = contractOf(declared, contracts);
  if (contract?.data === undefined) return undefined;
  const closed = [declared, ...since].find((image) => !opens(contract, image, made));
  if (closed === undefined) return undefined;
  return `the data of ${name} may be that of ${tagOf(closed)} already, which ${tagOf(made)} is not known to open; docs/guides/going-back.md says how a copy from before is put back`;
}

/** Whether an earlier image opens what a newer one may have written. */
function opens(contract: ImageContract, now: string, made: string): boolean {
  if (repositoryOf(now) !== repositoryOf(made)) return false;
  const [from, to] = [tagOf(now), tagOf(made)];
  if (from === to) return true;
  const change = dataChange(contract, from, to);
  // An earlier deployment can have had the newer image.
  return change === "none" || (change === "one-way" && contract.data?.value !== undefined);
}

function tagOf(image: string): string {
  const [name = ""] = image.split("@");
  return name.slice(repositoryOf(name).length + 1);
}
