import { nothingRead, type ImageContract } from "../../model/image-contract.ts";
import { digestIn, fullName, repositoryOf } from "../../model/image-name.ts";
import { parseImageReference } from "../../model/image-reference.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { CatalogueEntry, Context } from "./context.ts";
import { knownImage, type KnownImage } from "./known-images.ts";

/** The image of a service, as a plan names it. */
export interface TranslatedImage {
  /** In full, without a digest, e.g. "docker.io/library/redis:7-alpine". */
  readonly reference: string;
  readonly repository: string;
  /** Name of the constant with its contract. */
  readonly constant: string;
  readonly contract: ImageContract;
  /** The catalogue has its contract; undefined where one is written. */
  readonly entry: CatalogueEntry | undefined;
  readonly known: KnownImage | undefined;
  /** What a person has to decide about it. */
  readonly notes: readonly string[];
}

/** An image in full: registry, and `library/` for the official ones of Docker Hub. Without a digest. */
export function fullReference(image: string): { reference: string; digest: string | undefined } {
  const [name = ""] = image.split("@");
  // The address of Docker Hub itself, which some write for its name.
  const full = fullName(name).replace(/^registry-1\.docker\.io\//, "docker.io/");
  const hasTag = /:[^/]+$/.test(full);
  return { reference: hasTag ? full : `${full}:latest`, digest: digestIn(image) };
}

/** The image of a service, and what has to be said of it. */
export function translateImage(service: ComposeService, context: Context): TranslatedImage {
  const { findings, house } = context;
  const { image, build } = service.fields;
  const notes: string[] = [];
  const wanted = image ?? `${context.names.container(service.name)}:latest`;
  const { reference, digest } = fullReference(wanted);
  const repository = repositoryOf(reference);
  const entry = house.catalogue.find(({ contract }) => contract.reference === reference);
  if (image === undefined) {
    notes.push(
      findings.decide(
        service.place(build === undefined ? "image" : "build"),
        `"${service.name}" has no image that can be pulled: build and push one (docs/guides/nas-apps.md does so with Javya), and name it with its version`,
      ),
    );
  } else {
    const parsed = parseImageReference(reference);
    if ("problem" in parsed) {
      const same = house.catalogue.find(({ contract }) =>
        contract.reference.startsWith(`${repository}:`),
      );
      const hint = same ? `; the household runs ${same.contract.reference}` : "";
      notes.push(
        findings.decide(
          service.place("image"),
          `which version of ${repository}: ${parsed.problem}${hint}`,
        ),
      );
    }
    if (build !== undefined) {
      findings.dropped(service.place("build"), "images are pulled, and built elsewhere");
    }
  }
  if (entry && !isShared(entry, house.domain)) {
    notes.push(
      findings.decide(
        service.place("image"),
        `an app imports no other domain: its contract is in ${entry.module}; repeat with --domain ${entry.module.split("/")[1] ?? ""}, or move it to components/core`,
      ),
    );
  }
  if (digest !== undefined) {
    findings.changed(
      service.place("image"),
      "its digest stands in images.lock.json, where `npx homelab images lock` writes it",
    );
  }
  const known = knownImage(repository);
  return {
    reference,
    repository,
    constant: entry?.constant ?? constantOf(reference),
    contract:
      entry?.contract ?? nothingRead(reference, known?.secretFile ? "file-variable" : "none"),
    entry,
    known,
    notes,
  };
}

/** Whether an app of a domain may import a contract (rooms.json). */
function isShared({ module }: CatalogueEntry, domain: string): boolean {
  return ["core", "data", "backup", "edge", domain].some((room) =>
    module.startsWith(`components/${room}/`),
  );
}

/** "docker.io/library/redis:7.2-alpine" as "REDIS_7_2_IMAGE". */
function constantOf(reference: string): string {
  const [, name = "", tag = ""] = /([^/:]+):([^/]*)$/.exec(reference) ?? [];
  const version = /^v?(\d+)(?:\.(\d+))?/.exec(tag)?.slice(1) ?? [];
  const words = [name, ...version.filter((part) => part !== undefined), "image"];
  const constant = words
    .join("_")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  return /^[A-Z]/.test(constant) ? constant : `A${constant}`;
}
