import type { FieldDifference } from "../../hosts/engine/compare-facts.ts";
import { containerChanges, type ComparedWith } from "../../hosts/engine/container-changes.ts";
import type { EngineFacts } from "../../hosts/engine/engine-facts.ts";
import { nameOf, type InspectedContainer } from "../../hosts/engine/inspect.ts";
import type { Observation } from "../../hosts/observation.ts";
import { ANEW_LABEL } from "../../model/container-inputs.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { PutBackNote } from "../../model/fallback.ts";
import { fingerprint } from "../../model/fingerprint.ts";
import { specFingerprint } from "../../model/host-plan.ts";
import type { ImageLock } from "../../model/image-reference.ts";

/** What the label of a container or network says, and why. */
export interface MadeAnew {
  /** Value of ANEW_LABEL: as found on what stays, another on what does not. */
  readonly label: string | undefined;
  /** In words, what is not as it was deployed; empty where everything is. */
  readonly why: string;
  /** Whether it was made anew for the very same before: once more would not mend it. */
  readonly inVain: boolean;
}

/** What a host has to have made anew, and what nobody can give back. */
export interface AnewOnHost {
  readonly services: ReadonlyMap<string, MadeAnew>;
  readonly networks: ReadonlyMap<string, MadeAnew>;
  /** Volumes of containers that were deployed, which are gone. */
  readonly lostVolumes: readonly string[];
}

/** What the decision is made from. */
export interface AnewFrom {
  readonly declaration: HostDeclaration;
  readonly observation: Observation;
  readonly lock: ImageLock;
  /** The present: what is gone has a label that nothing had before. @default the clock */
  readonly now?: Date;
}

/** The engine's words for a container in which nothing runs. */
const NOTHING_RUNS = ["created", "exited", "dead", "paused"];

/** What the program's own inputs show, by what it knows of the lock file and the host. */
const INPUTS_SHOW = ["image", "devices"];

const AS_DEPLOYED = { why: "", inVain: false } as const;

/**
 * What of a host is not as it was deployed, by one look at its engine: containers that are gone, do
 * not run, were made by somebody else, or differ from the declaration that they were made from, and
 * networks that are gone. Each gets a label that has Pulumi make it anew, without a refresh. What has
 * another declaration now is left to Pulumi, which sees that itself.
 */
export function madeAnew(from: AnewFrom): AnewOnHost {
  const { engine } = from.observation;
  if (engine === undefined) return { services: new Map(), networks: new Map(), lostVolumes: [] };
  const now = (from.now ?? new Date()).toISOString();
  const deployed = deployedServices(from, engine);
  return {
    services: new Map(
      deployed.map((one) => [one.service.name, ofContainer(one, from, engine, now)] as const),
    ),
    networks: networksAnew(from, engine, deployed, now),
    lostVolumes: lostVolumes(deployed, engine),
  };
}

/** A service that a deployment made, and what is found of it. */
interface Deployed {
  readonly service: ServiceDeclaration;
  /** Id of the container that it made. */
  readonly gated: string;
  /** What has its name now. */
  readonly container: InspectedContainer | undefined;
}

function deployedServices(from: AnewFrom, engine: EngineFacts): Deployed[] {
  const { declaration, observation } = from;
  const byName = new Map(engine.containers.map((one) => [nameOf(one), one]));
  return declaration.services.flatMap((service) => {
    const gated = observation.gated[service.name];
    const container = byName.get(service.name);
    if (gated === undefined) return [];
    // The engine lists it, and did not say how it is: nothing is known of it.
    if (container === undefined && service.name in observation.containers) return [];
    return [{ service, gated, container }];
  });
}

function ofContainer(
  { service, gated, container }: Deployed,
  { declaration, observation, lock }: AnewFrom,
  { images }: EngineFacts,
  now: string,
): MadeAnew {
  const because = (why: string): MadeAnew => ({ label: now, why, inVain: false });
  if (container === undefined) return because("it is gone");
  if (container.Id !== gated) return because(whoMade(observation.putBack[service.name]));
  const { Status } = container.State;
  if (NOTHING_RUNS.includes(Status)) return because(`it does not run (${Status})`);
  const label = container.Config.Labels?.[ANEW_LABEL];
  if (!isOfDeclaration(service, container)) return { label, ...AS_DEPLOYED };
  const compared = { host: declaration, lock, images, devices: observation.devices };
  const changed = changesOf(service, container, compared);
  if (changed.length === 0) return { label, ...AS_DEPLOYED };
  const digest = fingerprint(changed);
  return { label: digest, why: changed.map(inWords).join("; "), inVain: digest === label };
}

/** In words, how another container than the deployed one came to be. */
function whoMade(note: PutBackNote | undefined): string {
  if (!note?.back) return "somebody made it anew";
  return `the host put it there by itself at ${note.at}: ${note.words}`;
}

/** Whether it was made from what is declared now. */
function isOfDeclaration(service: ServiceDeclaration, container: InspectedContainer): boolean {
  return container.Config.Labels?.["homelab.spec"] === specFingerprint(service);
}

function changesOf(
  service: ServiceDeclaration,
  container: InspectedContainer,
  compared: ComparedWith,
): FieldDifference[] {
  return containerChanges(service, container, compared).filter(
    ({ field }) => !INPUTS_SHOW.includes(field),
  );
}

function inWords({ field, declared, found }: FieldDifference): string {
  return `${field} is ${found ?? "not there"}, declared ${declared ?? "none"}`;
}

function networksAnew(
  { declaration }: AnewFrom,
  engine: EngineFacts,
  deployed: readonly Deployed[],
  now: string,
): Map<string, MadeAnew> {
  const found = new Map(engine.networks.map((network) => [network.Name, network]));
  // One that is declared for the first time is missing, too, and nothing was made with it.
  const used = new Set(
    deployed
      .filter(({ service, container }) => !container || isOfDeclaration(service, container))
      .flatMap(({ service }) => service.networks.map(({ name }) => name)),
  );
  return new Map(
    declaration.networks.flatMap(({ name }): [string, MadeAnew][] => {
      const network = found.get(name);
      if (network) return [[name, { label: network.Labels?.[ANEW_LABEL], ...AS_DEPLOYED }]];
      return used.has(name) ? [[name, { label: now, why: "it is gone", inVain: false }]] : [];
    }),
  );
}

/** The engine removes no volume that a container has, so its container is gone, too. */
function lostVolumes(deployed: readonly Deployed[], engine: EngineFacts): string[] {
  const found = new Set(engine.volumes.map(({ Name }) => Name));
  const wanted = deployed
    .filter(({ container }) => container === undefined)
    .flatMap(({ service }) => service.mounts ?? [])
    .flatMap((mount) => (mount.kind === "volume" ? [mount.volume] : []));
  return [...new Set(wanted)].filter((name) => !found.has(name)).sort();
}
