// When an image was built, as it says itself (OCI image spec: annotations, configuration).
import { z } from "zod";

/** What is read of an index, or of the manifest of one platform. */
export const manifestSchema = z.looseObject({
  annotations: z.record(z.string(), z.string()).nullish(),
  /** Of a manifest: where its configuration is. */
  config: z.looseObject({ digest: z.string() }).optional(),
  /** Of an index: a manifest for each platform, and for what was attested of one. */
  manifests: z
    .array(
      z.looseObject({
        digest: z.string(),
        platform: z.looseObject({ os: z.string(), architecture: z.string() }).optional(),
      }),
    )
    .nullish(),
});

const ANNOTATION = "org.opencontainers.image.created";

/** Docker's first release. Builds that are to be reproducible say 1970, or the year 1. */
const FIRST_IMAGE = Date.UTC(2013, 2, 1);

/** Digest of the manifest of one platform of an index: all of a release are built together. */
export function platformOf(index: z.infer<typeof manifestSchema>): string | undefined {
  const real = (index.manifests ?? []).filter(({ platform }) => platform?.os !== "unknown");
  const usual = real.find(
    ({ platform }) => platform?.os === "linux" && platform.architecture === "amd64",
  );
  return (usual ?? real[0])?.digest;
}

/** The time of building that stands in a manifest or a configuration; undefined where none does. */
export function createdIn(said: {
  readonly annotations?: Readonly<Record<string, string>> | null | undefined;
  readonly created?: string | null | undefined;
}): string | undefined {
  const time = Date.parse(said.annotations?.[ANNOTATION] ?? said.created ?? "");
  return Number.isNaN(time) || time < FIRST_IMAGE ? undefined : new Date(time).toISOString();
}
