import { uncopiedData } from "./copied-data.ts";
import { counted } from "./counted.ts";
import type { HostDeclaration, ServiceDeclaration } from "./declaration.ts";
import { unguardedDevices } from "./device-gates.ts";
import { UserError } from "./errors.ts";
import { secretsIn } from "./file-secrets.ts";
import { buildGraph, findCycle, requirementTarget } from "./graph.ts";
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
import { accessProblems } from "./tailscale-access.ts";
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
  const problems = hosts.flatMap((host) => [
    ...reservedName(host.host),
    ...duplicateNames(host),
    ...host.services.flatMap((service) => serviceProblems(host, service, contracts, secrets)),
    ...contractProblems(host, contracts),
    ...unguardedDevices(host),
    ...portClashes(host),
    ...networkProblems(host),
    ...requirementProblems(host, hosts),
    ...uncopiedData(host),
  ]);
  const cycle = findCycle(buildGraph(hosts));
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

function serviceProblems(
  host: HostDeclaration,
  service: ServiceDeclaration,
  contracts: readonly ImageContract[],
  secrets: Secrets | undefined,
): Problem[] {
  const at = `${host.host}.${service.name}`;
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
    if (!host.networks.some((network) => network.name === attachment.name)) {
      const known = host.networks.map((network) => network.name).join(", ");
      report(
        `networks[${index}]`,
        `"${attachment.name}" is not a network of ${host.host} (${known})`,
      );
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
    const known = mount.kind !== "volume" || host.volumes.some(({ name }) => name === mount.volume);
    if (!known) report(`mounts[${index}]`, `"${mount.volume}" is not a volume of ${host.host}`);
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
  const taken: { bind: string; key: string; service: string }[] = [];
  return host.services.flatMap((service) =>
    (service.ports ?? []).flatMap((port, index) => {
      const key = `${port.host}/${port.protocol}`;
      const clash = taken.find(
        (other) =>
          other.key === key &&
          (other.bind === port.bind || other.bind === "0.0.0.0" || port.bind === "0.0.0.0"),
      );
      taken.push({ bind: port.bind, key, service: service.name });
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

function requirementProblems(host: HostDeclaration, hosts: readonly HostDeclaration[]): Problem[] {
  const given = new Map(hosts.map((other) => [other.host as string, other]));
  return host.services.flatMap((service) =>
    (service.requires ?? []).flatMap((requirement, index) => {
      const path = `${host.host}.${service.name}.requires[${index}]`;
      const target = requirementTarget(host.host, requirement.on);
      const [targetHost = "", name = ""] = target.split("/");
      if (!isHostName(targetHost)) return [{ path, message: `"${targetHost}" is not a host` }];
      const declared = given.get(targetHost);
      if (!declared) return [];
      const found = name.startsWith("gate:")
        ? declared.gates.some((gate) => `gate:${gate.name}` === name)
        : declared.services.some((other) => other.name === name);
      return found ? [] : [{ path, message: `"${name}" is not declared on ${targetHost}` }];
    }),
  );
}
