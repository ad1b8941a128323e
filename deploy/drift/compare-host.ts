import { withOverrides } from "../../compose/override/override.ts";
import type { HostDeclaration, NetworkDeclaration } from "../../model/declaration.ts";
import { gateNeed, isAsLeft } from "../../model/gate-need.ts";
import { hostPlan, type HostPlan } from "../../model/host-plan.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { BOOT_RECORD, PLAN_RECORD } from "../../model/paths.ts";
import { containerDifferences } from "./compare-containers.ts";
import { hintsFor } from "./hints.ts";
import type { InspectedNetwork } from "../../hosts/engine/inspect.ts";
import type { HostLook } from "./look.ts";
import { undeclared } from "./owners.ts";
import type { Difference, HostReport } from "./rows.ts";

/**
 * What differs between a host as it is declared, with what is overridden there, and as it was seen.
 * @throws UserError HL-OVERRIDE
 */
export function compareHost(
  declared: HostDeclaration,
  lock: ImageLock,
  look: HostLook,
): HostReport {
  const host = withOverrides(declared, look.observation.overrides);
  const { extra, others } = undeclared(host, look);
  const plan = hostPlan(host, lock, "");
  const differences = isDeployed(host, look)
    ? [
        ...machineDifferences(host, plan, look),
        ...networkDifferences(host, look),
        ...volumeDifferences(host, look),
        ...containerDifferences(host, lock, look),
        ...extra,
      ]
    : [nothingDeployed(host), ...extra];
  return {
    host: host.host,
    verdict: differences.length === 0 ? "none" : "drift",
    absent: false,
    rows: differences.map((difference) => ({ host: host.host, ...difference })),
    hints: hintsFor(host, differences),
    others,
  };
}

/** Whether anything of ours is there. Of a new machine everything is missing, and one row says so. */
function isDeployed(host: HostDeclaration, look: HostLook): boolean {
  return (
    look.planDigest !== undefined ||
    Object.keys(look.observation.files).length > 0 ||
    host.services.some(({ name }) => look.observation.containers[name] !== undefined)
  );
}

function nothingDeployed({ host, services }: HostDeclaration): Difference {
  const declared = `${services.length} services`;
  return {
    kind: "host",
    name: host,
    change: "missing",
    field: "deployment",
    declared,
    found: null,
  };
}

function machineDifferences(host: HostDeclaration, plan: HostPlan, look: HostLook): Difference[] {
  return [
    ...recordDifferences(host, look),
    ...planDifference(plan, look),
    ...gateDifferences(host, plan, look),
    ...meshDifference(host, look),
  ];
}

/** Files that we wrote: the observation compared each with its checksum. */
function recordDifferences(host: HostDeclaration, { observation }: HostLook): Difference[] {
  const services = host.services.filter(({ files = [] }) => files.length > 0);
  const needed = [BOOT_RECORD, ...services.map(({ name }) => name)];
  const records = new Set([...needed, ...Object.keys(observation.files)]);
  records.delete(PLAN_RECORD);
  return [...records].sort().flatMap((name): Difference[] => {
    if (observation.files[name] !== undefined) return [];
    const written = name in observation.files;
    // Without a service of that name it is something of the machine's: units, exports, folders.
    const kind = host.services.some((service) => service.name === name) ? "files" : "unit";
    return [
      {
        kind,
        name,
        change: written ? "changed" : "missing",
        field: "content",
        declared: "as written",
        found: written ? "changed by hand, or gone" : null,
      },
    ];
  });
}

function planDifference(plan: HostPlan, { observation, planDigest }: HostLook): Difference[] {
  const base = { kind: "plan", name: plan.host } as const;
  if (planDigest === undefined) {
    return [{ ...base, change: "missing", field: "content", declared: plan.digest, found: null }];
  }
  // A deployment before there were records left none.
  if (PLAN_RECORD in observation.files && observation.files[PLAN_RECORD] === undefined) {
    const found = "changed by hand";
    return [{ ...base, change: "changed", field: "content", declared: "as written", found }];
  }
  if (planDigest === plan.digest) return [];
  return [
    { ...base, change: "changed", field: "digest", declared: plan.digest, found: planDigest },
  ];
}

function gateDifferences(host: HostDeclaration, plan: HostPlan, look: HostLook): Difference[] {
  return plan.gates.flatMap((gate): Difference[] => {
    const seen = look.observation.conditions[gate.name];
    if (isAsLeft(gate, gateNeed(host.services, gate.name), seen)) return [];
    const now = seen === undefined ? null : seen.open ? "open" : `closed: ${seen.seen}`;
    // One that services can do without may have been closed all along.
    const declared = seen?.open ? "closed, as it was left" : "open";
    const field = "condition";
    return [{ kind: "gate", name: gate.name, change: "changed", field, declared, found: now }];
  });
}

function meshDifference(host: HostDeclaration, { observation }: HostLook): Difference[] {
  const gate = host.gates.find(({ kind }) => kind === "mesh");
  if (!gate || observation.mesh !== undefined) return [];
  const found = "not enrolled, or elsewhere";
  const field = "membership";
  return [{ kind: "mesh", name: host.host, change: "changed", field, declared: "member", found }];
}

function networkDifferences(host: HostDeclaration, look: HostLook): Difference[] {
  return host.networks.flatMap((network): Difference[] => {
    const base = { kind: "network", name: network.name } as const;
    const found = look.networks.find(({ Name }) => Name === network.name);
    if (!found) {
      return [{ ...base, change: "missing", field: "network", declared: "there", found: null }];
    }
    return Object.entries(networkFacts(network, found)).flatMap(([field, [declared, seen]]) =>
      declared === seen
        ? []
        : [{ ...base, change: "changed" as const, field, declared, found: seen }],
    );
  });
}

/** By field, what is declared and what was found. */
function networkFacts(
  { subnet, gateway }: NetworkDeclaration,
  found: InspectedNetwork,
): Record<string, readonly [string, string | null]> {
  const [first] = found.IPAM.Config ?? [];
  return {
    driver: ["bridge", found.Driver],
    internal: ["no", found.Internal ? "yes" : "no"],
    // Where none is declared the engine chooses.
    ...(subnet && { subnet: [subnet, first?.Subnet ?? null] as const }),
    ...(gateway && { gateway: [gateway, first?.Gateway ?? null] as const }),
  };
}

function volumeDifferences(host: HostDeclaration, look: HostLook): Difference[] {
  const found = new Set(look.volumes.map(({ Name }) => Name));
  return host.volumes.flatMap(({ name }): Difference[] =>
    found.has(name)
      ? []
      : [
          {
            kind: "volume",
            name,
            change: "missing",
            field: "volume",
            declared: "there",
            found: null,
          },
        ],
  );
}
