import * as z from "zod";
import type { HostDeclaration, MountDeclaration, ServiceDeclaration } from "./declaration.ts";
import { UserError } from "./errors.ts";
import { canonical, fingerprint } from "./fingerprint.ts";
import type { ImageLock } from "./image-reference.ts";
import { pinned } from "./image-reference.ts";
import { stopSeconds } from "./stop-time.ts";
import { toSeconds } from "./units.ts";

const requirement = z.strictObject({
  /** Node on this host ("mosquitto", "gate:nas-media") or another ("nas/restic-rest"). */
  on: z.string(),
  condition: z.enum(["started", "healthy", "completed"]),
  strength: z.enum(["hard", "soft"]),
  /** Longest wait of a soft requirement. */
  limitSeconds: z.number().int().positive(),
});

const service = z.strictObject({
  name: z.string(),
  stack: z.string(),
  phase: z.number().int(),
  /** Reference with digest. */
  image: z.string(),
  /** Fingerprint of the declared inputs; the container's label homelab.spec. */
  spec: z.string(),
  health: z.strictObject({
    test: z.array(z.string()),
    /** Longest wait until healthy. */
    deadlineSeconds: z.number().int().positive(),
  }),
  stopGraceSeconds: z.number().int().nonnegative(),
  critical: z.boolean(),
  requires: z.array(requirement),
});

const condition = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("mount"),
    path: z.string(),
    source: z.string(),
    writable: z.boolean(),
    writer: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal("folder"), path: z.string() }),
  z.strictObject({ kind: z.literal("mesh"), address: z.string(), peer: z.string().optional() }),
  z.strictObject({ kind: z.literal("dns"), server: z.string(), query: z.string() }),
  z.strictObject({ kind: z.literal("disk"), path: z.string(), freePercent: z.number() }),
  z.strictObject({ kind: z.literal("clock"), maxOffsetSeconds: z.number() }),
  z.strictObject({ kind: z.literal("device"), path: z.string() }),
]);

const gate = z.strictObject({
  name: z.string(),
  remedy: z.string(),
  limitSeconds: z.number().int().positive(),
  condition,
});

/** Schema of /opt/homelab/desired/<host>.json. */
export const hostPlanSchema = z.strictObject({
  version: z.literal(1),
  host: z.string(),
  /** Commit that was deployed; noted only, not part of the digest. */
  commit: z.string(),
  /** Fingerprint of everything but the commit. */
  digest: z.string(),
  gates: z.array(gate),
  services: z.array(service),
});

/** What should run on a host and in which order; read by the boot orchestrator. */
export type HostPlan = z.infer<typeof hostPlanSchema>;
/** One service of a host plan. */
export type PlannedService = HostPlan["services"][number];
/** One gate of a host plan. */
export type PlannedGate = HostPlan["gates"][number];

/** Longest waits where a declaration names none. */
export const DEFAULT_LIMITS = {
  deadline: "3m",
  softLimit: "30s",
  mountLimit: "300s",
  gateLimit: "60s",
} as const;

/** The plan of a host, made from its declaration alone. */
export function hostPlan(host: HostDeclaration, lock: ImageLock, commit: string): HostPlan {
  const content = {
    version: 1 as const,
    host: host.host,
    gates: host.gates.map((declared): PlannedGate => {
      const { name, remedy, limit, ...rest } = declared;
      const limitSeconds = toSeconds(
        limit ?? (rest.kind === "mount" ? DEFAULT_LIMITS.mountLimit : DEFAULT_LIMITS.gateLimit),
      );
      const known =
        rest.kind === "clock"
          ? { kind: rest.kind, maxOffsetSeconds: toSeconds(rest.maxOffset) }
          : rest;
      return { name, remedy, limitSeconds, condition: known };
    }),
    services: host.services.map((declared) => plannedService(declared, lock)),
  };
  return { ...content, commit, digest: fingerprint(content) };
}

function plannedService(declared: ServiceDeclaration, lock: ImageLock): PlannedService {
  return {
    name: declared.name,
    stack: declared.stack,
    phase: declared.phase,
    image: pinned(declared.image, lock.images[declared.image] ?? "unpinned"),
    spec: specFingerprint(declared),
    health: {
      test: [...declared.health.test],
      deadlineSeconds: toSeconds(declared.health.deadline ?? DEFAULT_LIMITS.deadline),
    },
    stopGraceSeconds: stopSeconds(declared),
    critical: declared.critical ?? false,
    requires: (declared.requires ?? []).map((needed) => ({
      on: needed.on,
      condition: needed.condition,
      strength: needed.strength,
      limitSeconds: toSeconds(needed.limit ?? DEFAULT_LIMITS.softLimit),
    })),
  };
}

/**
 * Fingerprint of what a container is made from. What only others use (routes, probes, tiles,
 * order) is left out, so that a new tile does not restart the service.
 */
export function specFingerprint(declared: ServiceDeclaration): string {
  const {
    requires: _requires,
    routes: _routes,
    probes: _probes,
    scrapes: _scrapes,
    tile: _tile,
    backup: _backup,
    phase: _phase,
    databaseRole: _databaseRole,
    ...rest
  } = declared;
  const inputs = declared.mounts ? { ...rest, mounts: declared.mounts.map(mountInputs) } : rest;
  const { deadline: _deadline, ...health } = inputs.health;
  return fingerprint({ ...inputs, health });
}

/** A mount without what is said about it and changes nothing in the container. */
function mountInputs(mount: MountDeclaration): MountDeclaration {
  if (mount.kind !== "bind") return mount;
  const { notCopied: _notCopied, ...inputs } = mount;
  return inputs;
}

/** The plan as it stands in the file. */
export function serializePlan(plan: HostPlan): string {
  return `${canonical(plan)}\n`;
}

/**
 * Reads a plan.
 * @throws UserError HL-PLAN when the text is no plan of a known version
 */
export function parsePlan(text: string, where: string): HostPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError("HL-PLAN", `${where} is not JSON; deploy the host again to write it anew`);
  }
  const result = hostPlanSchema.safeParse(value);
  if (result.success) return result.data;
  const list = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new UserError("HL-PLAN", `${where} is not a host plan of version 1:\n${list.join("\n")}`);
}
