import type { HostDeclaration } from "../../model/declaration.ts";
import { isNameless } from "../../hosts/engine/found.ts";
import { nameOf, type InspectedContainer } from "../../hosts/engine/inspect.ts";
import type { HostLook } from "./look.ts";
import type { Difference, Other } from "./rows.ts";

type Labels = Readonly<Record<string, string>>;

/** What is on a host besides what is declared: what somebody else answers for, and what nobody does. */
export interface Undeclared {
  readonly extra: Difference[];
  readonly others: Other[];
}

/** Networks that every engine has. */
const ENGINES_OWN = ["bridge", "host", "none"];

/**
 * Sorts what is not declared. It has an owner when its labels name one: a program with an installer
 * of its own that the host declares (Coolify), or a Compose project, of which somebody keeps a file.
 * So has a network or a volume that only containers of such owners use. Everything else was made
 * by hand, or was once declared here.
 */
export function undeclared(host: HostDeclaration, look: HostLook): Undeclared {
  const services = new Set(host.services.map(({ name }) => name));
  const found: Other[] = [];
  const extra: Difference[] = [];
  const sort = (kind: Difference["kind"], name: string, owner: string | undefined, why: string) => {
    if (owner !== undefined) found.push({ kind, name, owner });
    else extra.push({ kind, name, change: "extra", field: kind, declared: null, found: why });
  };
  for (const container of look.containers) {
    if (services.has(nameOf(container))) continue;
    const labels = container.Config.Labels ?? {};
    const ours = labels["homelab.service"] !== undefined;
    const why = ours ? whyOurs(labels["homelab.service"] ?? "", services) : "made by hand";
    sort("container", nameOf(container), ours ? undefined : ownerIn(host, labels), why);
  }
  const networks = new Set([...ENGINES_OWN, ...host.networks.map(({ name }) => name)]);
  for (const { Name, Labels } of look.networks) {
    if (networks.has(Name)) continue;
    const users = look.containers.filter(
      ({ NetworkSettings }) => NetworkSettings.Networks?.[Name] !== undefined,
    );
    const owner = unitOfNetwork(host, Name) ?? ownerIn(host, Labels ?? {});
    sort("network", Name, owner ?? commonOwner(host, users), "not declared");
  }
  const volumes = new Set(volumesOf(host));
  for (const { Name, Labels } of look.volumes) {
    // Of an image that asks for one, or of a run that is long over: no data anybody named.
    if (volumes.has(Name) || isNameless(Name)) continue;
    const users = look.containers.filter(({ Mounts }) =>
      (Mounts ?? []).some((mount) => mount.Type === "volume" && mount.Name === Name),
    );
    const owner = ownerIn(host, Labels ?? {}) ?? commonOwner(host, users);
    sort("volume", Name, owner, "not declared; its data is kept");
  }
  return { extra, others: found };
}

/** Why one of ours has no name of ours: the host puts one that is broken aside, see ADR 0035. */
function whyOurs(service: string, services: ReadonlySet<string>): string {
  return services.has(service)
    ? "put aside by the host itself; the next up removes it"
    : "no longer declared";
}

/** Volumes that the host declares, and those that a service mounts of another app. */
function volumesOf(host: HostDeclaration): string[] {
  const mounted = host.services.flatMap(({ mounts = [] }) =>
    mounts.flatMap((mount) => (mount.kind === "volume" ? [mount.volume] : [])),
  );
  return [...host.volumes.map(({ name }) => name), ...mounted];
}

/** Who answers for something with these labels. */
function ownerIn({ externals = [] }: HostDeclaration, labels: Labels): string | undefined {
  const folder = labels["com.docker.compose.project.working_dir"] ?? "";
  const unit = externals.find(
    (one) =>
      // Coolify marks what it deploys so; its own containers come from Compose files of its own.
      labels[`${one.name}.managed`] === "true" ||
      folder === one.folder ||
      folder.startsWith(`${one.folder}/`),
  );
  if (unit) return unit.name;
  const project = labels["com.docker.compose.project"];
  return project === undefined ? undefined : `Compose project ${project}`;
}

function unitOfNetwork({ externals = [] }: HostDeclaration, network: string): string | undefined {
  return externals.find(({ networks }) => networks.includes(network))?.name;
}

/** The owner of all these containers; undefined when there is none, or somebody else among them. */
function commonOwner(
  host: HostDeclaration,
  users: readonly InspectedContainer[],
): string | undefined {
  const owners = new Set(users.map(({ Config }) => ownerIn(host, Config.Labels ?? {})));
  return owners.size === 1 ? [...owners][0] : undefined;
}
