import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { UserError } from "../../model/errors.ts";
import { imageResourceName } from "../../model/image-reference.ts";
import type { PulumiEvent, StepMetadata } from "../../workspace/pulumi-events.ts";

/**
 * The services that a run is about.
 * @param only a stack of services; null for all
 * @throws UserError HL-USAGE when the host has no stack of that name
 */
export function chosenServices(
  { host, services }: HostDeclaration,
  only: string | null,
): readonly ServiceDeclaration[] {
  const chosen = services.filter(({ stack }) => only === null || stack === only);
  if (chosen.length > 0) return chosen;
  const stacks = [...new Set(services.map(({ stack }) => stack))];
  throw new UserError(
    "HL-USAGE",
    `${host} has no stack "${only ?? ""}"; its stacks are ${stacks.join(", ")}`,
  );
}

/**
 * What comes before every container: copies before an image changes (ADR 0023), the host plan, and the
 * images that are missing.
 */
const BEFORE_ALL = ["data-guard", "host-plan", "images"];

/** A service as far as Pulumi's resources are named for it. */
type Target = Pick<ServiceDeclaration, "name" | "image">;

/** Pulumi's options that limit a run to services, and to what comes before every container. */
export function targetOptions(services: readonly Target[]): string[] {
  return [...BEFORE_ALL.flatMap(targetOption), ...targetsOf(services)];
}

/**
 * Pulumi's options that limit a run to what is made for each service, and its image, which a version
 * that is gone back to may make a resource of.
 */
export function targetsOf(services: readonly Target[]): string[] {
  const names = services.flatMap(({ name, image }) => [
    ...["files", "role", "container", "gate"].map((part) => `${name}-${part}`),
    imageResourceName(image),
  ]);
  return [...new Set(names)].flatMap(targetOption);
}

function targetOption(resource: string): string[] {
  return ["--target", `**::${resource}`];
}

/** What an event of a deployment says of a service. */
export interface ServiceProgress {
  readonly service: string;
  readonly what: "began" | "ready" | "failed";
  /** Whether something of it was made anew, rather than found as it is. */
  readonly changed: boolean;
}

/** Steps that leave a resource as it was, or only look. */
const LOOKS = new Set(["same", "refresh", "read"]);

/** What an event says of one of these services; undefined when it says nothing. */
export function progressIn(
  event: PulumiEvent,
  services: ReadonlySet<string>,
): ServiceProgress | undefined {
  const failed = event.resOpFailedEvent?.metadata;
  if (failed) return about(failed, /^(.+)-(?:container|gate|files|role)$/, services, "failed");
  const ended = event.resOutputsEvent?.metadata;
  if (ended && !/^(refresh|read|delete)/.test(ended.op)) {
    return about(ended, /^(.+)-gate$/, services, "ready");
  }
  const began = event.resourcePreEvent?.metadata;
  if (began && !LOOKS.has(began.op) && !began.op.startsWith("delete")) {
    return about(began, /^(.+)-container$/, services, "began");
  }
  return undefined;
}

function about(
  { urn, op }: StepMetadata,
  pattern: RegExp,
  services: ReadonlySet<string>,
  what: ServiceProgress["what"],
): ServiceProgress | undefined {
  const service = pattern.exec(urn.split("::").at(-1) ?? "")?.[1];
  if (service === undefined || !services.has(service)) return undefined;
  return { service, what, changed: !LOOKS.has(op) };
}

/** What a preview would do, by the step: names of resources, sorted. */
export function plannedSteps(
  events: readonly { readonly event: PulumiEvent }[],
): ReadonlyMap<string, readonly string[]> {
  const steps = new Map<string, Set<string>>();
  for (const { event } of events) {
    const metadata = event.resourcePreEvent?.metadata;
    if (!metadata || LOOKS.has(metadata.op)) continue;
    // A replacement is told in three steps; one of them is enough.
    const word = WORDS[metadata.op];
    if (word === undefined) continue;
    const names = steps.get(word) ?? new Set();
    steps.set(word, names.add(metadata.urn.split("::").at(-1) ?? ""));
  }
  return new Map([...steps].map(([word, names]) => [word, [...names].sort()]));
}

const WORDS: Readonly<Record<string, string>> = {
  create: "make",
  update: "change",
  replace: "make anew",
  "create-replacement": "make anew",
  delete: "remove",
};
