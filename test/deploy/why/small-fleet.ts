import type { InspectedContainer } from "../../../hosts/engine/inspect.ts";
import type { AwayHost, DeclaredHost } from "../../../deploy/drift/look-at-host.ts";
import { explain } from "../../../deploy/why/explain.ts";
import type { WhyAnswer } from "../../../deploy/why/answer.ts";
import type {
  HostDeclaration,
  Requirement,
  ServiceDeclaration,
} from "../../../model/declaration.ts";
import type { HostName } from "../../../model/host-names.ts";
import { CLOCK, hostAsDeclared, lockOf, type SeenHost } from "../drift/imitated-host.ts";

/** A service that requires these, e.g. "db", "gate:disk", "nas/store softly", "job started". */
export function serviceOf(name: string, ...requires: readonly string[]): ServiceDeclaration {
  return {
    name,
    stack: `apps/${name}`,
    phase: 9,
    image: `docker.io/library/${name}:1`,
    env: { TZ: "Etc/UTC" },
    networks: [{ name: "apps-net" }],
    health: { test: ["CMD", "ask"] },
    limits: { memory: "64MiB", cpus: 1 },
    requires: requires.map(requirement),
    category: "apps",
  };
}

function requirement(text: string): Requirement {
  const [on = "", ...words] = text.split(" ");
  return {
    on,
    condition: words.includes("started") ? "started" : "healthy",
    strength: words.includes("softly") ? "soft" : "hard",
  };
}

/** A host with these services and one gate, "disk". */
export function hostOf(host: HostName, ...services: ServiceDeclaration[]): HostDeclaration {
  return {
    host,
    networks: [{ name: "apps-net" }],
    volumes: [],
    gates: [{ name: "disk", kind: "folder", path: "/srv/disk", remedy: "mount the disk" }],
    services,
  };
}

/** What each host of a test's fleet says, to be changed. */
export type SeenFleet = Partial<Record<HostName, SeenHost>>;

/** A look at one host in which a container can be changed by its name. */
export function container(seen: SeenHost | undefined, name: string): InspectedContainer {
  const found = seen?.containers.find(({ Name }) => Name === `/${name}`);
  if (!found) throw new Error(`there is no container ${name}`);
  return found;
}

/** Takes a container away as if nobody had made it. */
export function remove(seen: SeenHost | undefined, name: string): void {
  const at = seen?.containers.findIndex(({ Name }) => Name === `/${name}`) ?? -1;
  if (at < 0) throw new Error(`there is no container ${name}`);
  seen?.containers.splice(at, 1);
}

/** Closes a host's gate "disk". */
export function closeDisk(seen: SeenHost | undefined): void {
  const condition = seen?.observation.conditions["disk"];
  if (!condition) throw new Error("there is no gate disk");
  condition.open = false;
  condition.seen = "/srv/disk is not the folder that was made";
}

/** The time so many seconds before the look, as the engine writes it. */
export function before(seconds: number): string {
  return new Date((CLOCK - seconds) * 1000).toISOString();
}

/** Answers about each service of a fleet on which something was changed after its deployment. */
export function answersOf(
  hosts: readonly HostDeclaration[],
  change: (seen: SeenFleet) => void = () => undefined,
  away: Partial<Record<HostName, AwayHost>> = {},
): (service: string) => WhyAnswer {
  const fleet: DeclaredHost[] = hosts.map((declaration) => ({
    declaration,
    lock: lockOf(declaration),
  }));
  const seen = Object.fromEntries(
    fleet.map(({ declaration, lock }) => [declaration.host, hostAsDeclared(declaration, lock)]),
  ) as SeenFleet;
  change(seen);
  return (service) => explain(service, fleet, new Map(Object.entries({ ...seen, ...away })));
}

/** The answer about one service of such a fleet. */
export function whyOf(service: string, ...of: Parameters<typeof answersOf>): WhyAnswer {
  return answersOf(...of)(service);
}
