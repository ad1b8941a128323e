import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { EMPTY_OBSERVATION, type Observation } from "../../hosts/observation.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import type { SecretName } from "../../model/secrets.ts";
import type { Site } from "../../model/site.ts";
import { realiseStack } from "../../stacks/host.ts";
import { fleetWithOverrides } from "../../stacks/overrides.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { recordProgram, type RecordedResource } from "./recorded-program.ts";
import { site as usualSite } from "./site.ts";

/** Begins every made-up secret, so that it is found wherever it must not be. */
export const CANARY = "canary-secret";

/** Type of what every resource is below, which a URN leaves out. */
const ROOT_TYPE = "pulumi:pulumi:Stack";

/** What a stack's program is run with, where it is not the usual. */
export interface StackRun {
  /** @default the made-up site */
  readonly site?: Site;
  /** Apps that are left out, e.g. "nas/samba". @default none */
  readonly without?: readonly string[];
  /** Config of providers by whole key. @default none */
  readonly config?: Readonly<Record<string, string>>;
  /** Outputs that only the provider knows, by type, or by type and name. @default none */
  readonly answers?: Readonly<Record<string, object>>;
  /** Outputs of other stacks, by "stack.name"; one that is undefined was never deployed. */
  readonly outputs?: Readonly<Record<string, string | undefined>>;
  /** @default a host where nothing was ever deployed */
  readonly observation?: Observation;
}

/** Runs the whole program of a host's stack on mocks. */
export async function recordStack(host: HostName, run: StackRun = {}): Promise<RecordedResource[]> {
  const site = run.site ?? usualSite;
  const outputOf = (other: HostName, name: string) =>
    run.outputs && `${other}.${name}` in run.outputs
      ? run.outputs[`${other}.${name}`]
      : `${name}.of.${other}`;
  const observation = run.observation ?? EMPTY_OBSERVATION;
  const declared = declareFleet(site, run.without);
  const fleet = fleetWithOverrides(declared, host, observation.overrides);
  const images = HOSTS.flatMap((one) =>
    fleet[one].declaration.services.map(({ image }) => [image, digestOf(image)] as const),
  );
  const lock: ImageLock = { version: 1, images: Object.fromEntries(images) };
  const program = () =>
    realiseStack({
      host,
      site,
      fleet,
      lock,
      withoutCopy: {},
      observation,
      secret: (name: SecretName) => pulumi.secret(`${CANARY}-${name}`),
      bootProgram: "// the boot orchestrator",
      uptimeProgram: () => Promise.resolve("// what sets Uptime Kuma"),
      controlPlaneProgram: (part) => Promise.resolve(`// the ${part}`),
      controlPlanePages: () =>
        Promise.resolve({ "index.html": "<!-- the page -->", "page.js": "", "page.css": "" }),
      output: (other, name) => pulumi.output(outputOf(other, name) ?? ""),
      outputIfAny: (other, name) => pulumi.output(outputOf(other, name)),
    });
  return recordProgram(host, run.config ?? {}, program, run.answers);
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

/**
 * What the URN of a resource says beside stack and project: the types of its parents and its own, and
 * its name. Pulumi replaces, or leaves behind, what has another one.
 */
export function inUrn({ type, name, parent }: RecordedResource): string {
  const [, , types = ""] = parent.split("::");
  const parents = types.split("$").filter((each) => each !== "" && each !== ROOT_TYPE);
  return `${[...parents, type].join("$")} ${name}`;
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
