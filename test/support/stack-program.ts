import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { EMPTY_OBSERVATION } from "../../components/core/observation.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import type { SecretName } from "../../model/secrets.ts";
import type { StackContext } from "../../stacks/context.ts";
import { declareFleet } from "../../stacks/fleet.plan.ts";
import { recordProgram, type RecordedResource } from "./recorded-program.ts";
import { site } from "./site.ts";

/** Begins every made-up secret, so that it is found wherever it must not be. */
export const CANARY = "canary-secret";

/** Runs a whole stack program on mocks, on a host where nothing was ever deployed. */
export async function recordStack(
  host: HostName,
  stack: (context: StackContext) => Record<string, unknown>,
): Promise<RecordedResource[]> {
  const fleet = declareFleet(site);
  const images = HOSTS.flatMap((one) =>
    fleet[one].declaration.services.map(({ image }) => [image, digestOf(image)] as const),
  );
  const lock: ImageLock = { version: 1, images: Object.fromEntries(images) };
  return recordProgram(host, {}, () =>
    stack({
      host,
      site,
      fleet,
      lock,
      observation: EMPTY_OBSERVATION,
      secret: (name: SecretName) => pulumi.secret(`${CANARY}-${name}`),
      bootProgram: "// the boot orchestrator",
      uptimeProgram: () => Promise.resolve("// what sets Uptime Kuma"),
      output: (other, name) => pulumi.output(`${name}.of.${other}`),
      outputIfAny: (other, name) => pulumi.output<string | undefined>(`${name}.of.${other}`),
    }),
  );
}

/** A digest that differs from image to image. */
function digestOf(image: string): string {
  return `sha256:${Buffer.from(image).toString("hex").padEnd(64, "0").slice(-64)}`;
}

/** Type and name of the resource that a URN names. */
export function namedBy(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.slice(types.lastIndexOf("$") + 1)} ${name.join("::")}`;
}

/** Whether a value holds a secret anywhere: plain, as base64, or packed. */
export function holdsSecret(value: unknown): boolean {
  // Without the escapes of line ends, which would seem to belong to the base64 after them.
  const text = (JSON.stringify(value) ?? "").replaceAll("\\n", " ");
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([part]) =>
    unpackedText(Buffer.from(part, "base64")),
  );
  return [text, ...decoded].some((part) => part.includes(CANARY));
}

/** What stands in bytes that may be packed. */
export function unpackedText(bytes: Buffer): string {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isPacked ? gunzipSync(bytes) : bytes).toString("latin1");
}
