import { accessProblems } from "./access-problems.ts";
import { uncopiedData } from "./copied-data.ts";
import { counted } from "./counted.ts";
import type { HostDeclaration, ServiceDeclaration } from "./declaration.ts";
import { unguardedDevices } from "./device-gates.ts";
import { UserError } from "./errors.ts";
import { secretsIn } from "./file-secrets.ts";
import { buildGraph, findCycle, hostOf, requirementTarget, type Graph } from "./graph.ts";
import { HOSTS, isHostName, type HostName } from "./host-names.ts";
import { contractProblems } from "./contract-problems.ts";
import { contractOf } from "./image-catalogue.ts";
import type { ImageContract } from "./image-contract.ts";
import type { ImageLock } from "./image-reference.ts";
import { parseImageReference } from "./image-reference.ts";
import { networkProblems } from "./network-problems.ts";
import { problemText, type Problem } from "./problem.ts";
import { secretsAmong, secretsUsedBy } from "./host-secrets.ts";
import { reservedName } from "./reserved-names.ts";
import type { Secrets } from "./secrets.ts";
import { toMebibytes } from "./units.ts";

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;

/** The engine refuses a container with less. */
const LEAST_MEMORY_MIB = 6;

/**
 * Every mistake in the declarations of the given hosts; empty when they can be deployed.
 * @param contracts what the images ask of who runs them
 */
export function findProblems(
  hosts: readonly HostDeclaration[],
  contracts: readonly ImageContract[],
): Problem[] {
  // While a host is missing, nobody can tell which secrets its apps bring.
  const isWhole = HOSTS.every((name) => hosts.some(({ host }) => host === name));
  const secrets = isWhole ? secretsAmong(hosts) : undefined;
  const graph = buildGraph(hosts);
  const given = new Set<string>(hosts.map(({ host }) => host));
  const problems = hosts.flatMap((host) => [
    ...reservedName(host.host),
    ...duplicateNames(host),
    ...eachService(host, contracts, secrets),
    ...contractProblems(host, contracts),
    ...unguardedDevices(host),
    ...portClashes(host),
    ...networkProblems(host),
    ...requirementProblems(host, given, graph),
    ...uncopiedData(host),
  ]);
  const cycle = findCycle(graph);
  if (cycle) {
    problems.push({
      path: cycle[0] ?? "",
      message: `waits for itself: ${cycle.join(" -> ")}; remove one of these requirements`,
    });
  }
  return problems;
}

/** What a deployment of one host starts from. */
export interface Deployment {
  /** All hosts, because services require services of other hosts. */
  readonly hosts: readonly HostDeclaration[];
  /** The one that is deployed. */
  readonly host: HostName;
  readonly lock: ImageLock;
  /** What the images ask of who runs them. */
  readonly contracts: readonly ImageContract[];
  /** What the stack's config holds: our secrets by name, a provider's settings by whole key. */
  readonly given: readonly string[];
}

/**
 * Stops before anything is created when a declaration, the lock file or the config has a mistake.
 * @throws UserError HL-DECLARATION with every mistake and its path
 */
export function assertDeployable(deployment: Deployment): void {
  const problems = [
    ...findProblems(deployment.hosts, deployment.contracts),
    ...deploymentProblems(deployment),
  ];
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  ${problemText(problem)}`).join("\n");
  throw new UserError(
    "HL-DECLARATION",
    `${counted(problems.length, "mistake")} in the declarations; nothing was changed:\n${list}`,
    problems,
  );
}

/** What one host's deployment lacks beside sound declarations: digests, secrets, access. */
export function deploymentProblems({
  hosts,
  host,
  lock,
  given,
}: Omit<Deployment, "contracts">): Problem[] {
  const deployed = hosts.find((declaration) => declaration.host === host);
  if (!deployed) return [];
  return [
    ...unlockedImages(deployed, lock),
    ...missingSecrets(deployed, secretsAmong(hosts), given),
    ...accessProblems(deployed, given),
  ];
}

function unlockedImages(host: HostDeclaration, lock: ImageLock): Problem[] {
  const used = host.services.map(({ name, image }) => ({ name, image }));
  if (host.machine) used.push({ name: "machine", image: host.machine.meshClient });
  return used
    .filter(({ image }) => !Object.hasOwn(lock.images, image))
    .map(({ name, image }) => ({
      path: `${host.host}.${name}.image`,
      message: `"${image}" has no digest in the image lock file; run \`npx homelab images lock\``,
    }));
}

function missingSecrets(
  host: HostDeclaration,
  secrets: Secrets,
  given: readonly string[],
): Problem[] {
  return secretsUsedBy(host)
    .filter((name) => !given.includes(name))
    .map((name) => ({
      path: `homelab:${name}`,
      message: `is not in the config of stack ${host.host} (${secrets[name]?.purpose ?? "nobody says what it opens"}); \`npx homelab secrets init ${host.host}\` tells what is missing`,
    }));
}

function duplicateNames(host: HostDeclaration): Problem[] {
  const kinds = {
    services: host.services,
    networks: host.networks,
    volumes: host.volumes,
    gates: host.gates,
  };
  return Object.entries(kinds).flatMap(([kind, list]) => {
    const seen = new Set<string>();
    return list.flatMap(({ name }) => {
      const again = seen.has(name);
      seen.add(name);
      return again
        ? [{ path: `${host.host}.${kind}.${name}`, message: "is declared twice; rename one" }]
        : [];
    });
  });
}

function eachService(
  host: HostDeclaration,
  contracts: readonly ImageContract[],
  secrets: Secrets | undefined,
): Problem[] {
  const about = {
    host: host.host,
    networks: new Set(host.networks.map(({ name }) => name)),
    volumes: new Set(host.volumes.map(({ name }) => name)),
    contracts,
    secrets,
  };
  return host.services.flatMap((service) => serviceProblems(service, about));
}

/** What there is for a service to name. */
interface AboutHost {
  readonly host: HostName;
  readonly networks: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  readonly contracts: readonly ImageContract[];
  readonly secrets: Secrets | undefined;
}

function serviceProblems(
  service: ServiceDeclaration,
  { host, networks, volumes, contracts, secrets }: AboutHost,
): Problem[] {
  const at = `${host}.${service.name}`;
  const problems: Problem[] = [];
  const report = (path: string, message: string) =>
    problems.push({ path: `${at}.${path}`, message });

  const image = parseImageReference(service.image);
  if ("problem" in image) report("image", image.problem);
  else if (!contractOf(service.image, contracts)) {
    report(
      "image",
      `"${service.image}" has no contract; write one, and name it in the images of its app`,
    );
  }
  if (toMebibytes(service.limits.memory) < LEAST_MEMORY_MIB) {
    report(
      "limits.memory",
      `"${service.limits.memory}" is below ${LEAST_MEMORY_MIB}MiB, the least the engine takes`,
    );
  }
  if (!(service.limits.cpus > 0)) report("limits.cpus", `${service.limits.cpus} is not above 0`);
  if (service.networks.length === 0) report("networks", "is empty; name at least one network");
  service.networks.forEach((attachment, index) => {
    if (!networks.has(attachment.name)) {
      const known = [...networks].join(", ");
      report(`networks[${index}]`, `"${attachment.name}" is not a network of ${host} (${known})`);
    }
  });
  (service.ports ?? []).forEach((port, index) => {
    for (const side of ["host", "container"] as const) {
      const value = port[side];
      if (!Number.isInteger(value) || value < 1 || value > 65535) {
        report(`ports[${index}].${side}`, `${value} is not a port (1 to 65535)`);
      }
    }
    if (!IPV4.test(port.bind))
      report(`ports[${index}].bind`, `"${port.bind}" is not an IPv4 address`);
  });
  (service.mounts ?? []).forEach((mount, index) => {
    const known = mount.kind !== "volume" || volumes.has(mount.volume);
    if (!known) report(`mounts[${index}]`, `"${mount.volume}" is not a volume of ${host}`);
  });
  (service.files ?? []).forEach((file, index) => {
    for (const secret of secretsIn(file.content)) {
      if (secrets === undefined || Object.hasOwn(secrets, secret)) continue;
      report(`files[${index}]`, `"${secret}" is a secret that no app of the household brings`);
    }
  });
  if (
    service.health.test.length < 2 ||
    !["CMD", "CMD-SHELL"].includes(service.health.test[0] ?? "")
  ) {
    report("health.test", 'must be ["CMD", …] or ["CMD-SHELL", "…"]');
  }
  return problems;
}

function portClashes(host: HostDeclaration): Problem[] {
  const taken = new Map<string, { bind: string; service: string }[]>();
  return host.services.flatMap((service) =>
    (service.ports ?? []).flatMap((port, index) => {
      const key = `${port.host}/${port.protocol}`;
      const others = taken.get(key) ?? [];
      const clash = others.find(
        ({ bind }) => bind === port.bind || bind === "0.0.0.0" || port.bind === "0.0.0.0",
      );
      taken.set(key, [...others, { bind: port.bind, service: service.name }]);
      return clash
        ? [
            {
              path: `${host.host}.${service.name}.ports[${index}].host`,
              message: `${key} on ${port.bind} is already published by "${clash.service}"`,
            },
          ]
        : [];
    }),
  );
}

function requirementProblems(
  host: HostDeclaration,
  given: ReadonlySet<string>,
  { nodes }: Graph,
): Problem[] {
  return host.services.flatMap((service) =>
    (service.requires ?? []).flatMap((requirement, index) => {
      const path = `${host.host}.${service.name}.requires[${index}]`;
      const target = requirementTarget(host.host, requirement.on);
      if (nodes.has(target)) return [];
      const on = hostOf(target);
      if (!given.has(on)) {
        return isHostName(on) ? [] : [{ path, message: `"${on}" is not a host` }];
      }
      const name = target.slice(on.length + 1);
      return [{ path, message: `"${name}" is not declared on ${on}` }];
    }),
  );
}
