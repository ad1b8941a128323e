import type { HostDeclaration } from "../../model/declaration.ts";
import { UserError } from "../../model/errors.ts";
import { contractOf, contractsOf } from "../../model/image-catalogue.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { lockPathOf, readLock, type Project } from "../project.ts";

/** One image as it is declared, and who runs it. */
export interface DeclaredImage {
  /** Full reference without digest. */
  readonly image: string;
  /** Names of the services, each once; that of the machine's part in the mesh is "mesh client". */
  readonly services: readonly string[];
  /** Lock files that have to name it. */
  readonly lockFiles: readonly string[];
  /** Digests that lock files have of it, each once. */
  readonly locked: readonly string[];
  readonly contract: ImageContract | undefined;
}

const MESH_CLIENT = "mesh client";

/**
 * The images of hosts, sorted by name.
 * @param only names of services. @default all of them
 * @throws UserError HL-USAGE for a name that no service has; HL-LOCK
 */
export async function declaredImages(
  project: Project,
  hosts: readonly HostDeclaration[],
  only: readonly string[] = [],
): Promise<DeclaredImage[]> {
  const uses = hosts.flatMap(({ host, services, machine }) => [
    ...services.map(({ name, image }) => ({ host, name, image })),
    ...(machine ? [{ host, name: MESH_CLIENT, image: machine.meshClient }] : []),
  ]);
  for (const name of only) {
    if (!uses.some((use) => use.name === name)) {
      throw new UserError(
        "HL-USAGE",
        `no service is called "${name}"; \`npx homelab graph\` lists them`,
      );
    }
  }
  const wanted = uses.filter(({ name }) => only.length === 0 || only.includes(name));
  const contracts = contractsOf(hosts);
  const images = [...new Set(wanted.map(({ image }) => image))].sort();
  return await Promise.all(
    images.map(async (image) => {
      const all = uses.filter((use) => use.image === image);
      const lockFiles = [...new Set(all.map(({ host }) => lockPathOf(project, host)))];
      const locks = await Promise.all(lockFiles.map(readLock));
      const digests = locks.flatMap((lock) => lock.images[image] ?? []);
      return {
        image,
        services: [...new Set(all.map(({ name }) => name))],
        lockFiles,
        locked: [...new Set(digests)],
        contract: contractOf(image, contracts),
      };
    }),
  );
}

/**
 * Whether no other major version of an image can take its place: by its contract a newer one does
 * not bring its data forward.
 */
export function staysInMajor(contract: ImageContract | undefined): boolean {
  return contract?.data?.value?.newerOpens === false;
}

/** Pages with the notes of an image's releases, by the repositories that its contract was read in. */
export function releasePages(contract: ImageContract | undefined): string[] {
  const [first] = contract?.read ?? [];
  if (first === undefined) return [];
  const { repository } = first;
  if (repository.includes("://")) return [repository];
  return [`https://github.com/${repository}/releases`];
}
