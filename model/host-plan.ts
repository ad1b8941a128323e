import * as z from "zod";
import type {
  AppService,
  HostDeclaration,
  MountDeclaration,
  ServiceDeclaration,
} from "./declaration.ts";
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

/** Version of the plans that this program writes. */
const PLAN_VERSION = 1;

/** Schema of /opt/homelab/desired/<host>.json. */
export const hostPlanSchema = z.strictObject({
  /** Rises with every change that a reader of the version before would get wrong. */
  version: z.number().int().positive(),
  /**
   * Oldest version of a reader that gets everything right by passing over what it does not know.
   * A version that only adds what can be passed over says so here. @default the version itself
   */
  readableFrom: z.number().int().positive().optional(),
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
    version: PLAN_VERSION,
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
export function specFingerprint(
  declared: AppService & Partial<Pick<ServiceDeclaration, "phase">>,
): string {
  const {
    requires: _requires,
    routes: _routes,
    probes: _probes,
    scrapes: _scrapes,
    tile: _tile,
    backup: _backup,
    phase: _phase,
    databaseRole: _databaseRole,
    setUpSecrets: _setUpSecrets,
    inotifyWatches: _inotifyWatches,
    wayIn: _wayIn,
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

/** A plan as it was read. */
export interface ReadPlan {
  readonly plan: HostPlan;
  /** Paths of what a newer program wrote and this one passed over. */
  readonly ignored: readonly string[];
}

const versions = z.looseObject({
  version: hostPlanSchema.shape.version,
  readableFrom: hostPlanSchema.shape.readableFrom,
});

/**
 * Reads a plan. Program and plan of a host may come from different commits when a deployment was
 * cut short, so what it does not know is passed over where the plan's version allows that.
 * @throws UserError HL-PLAN when the text is no plan, or one that only a newer program can read
 */
export function parsePlan(text: string, where: string): ReadPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError("HL-PLAN", `${where} is not JSON; deploy the host again to write it anew`);
  }
  const stated = versions.safeParse(value);
  if (stated.success && (stated.data.readableFrom ?? stated.data.version) > PLAN_VERSION) {
    throw new UserError(
      "HL-PLAN",
      `${where} is a host plan of version ${stated.data.version}; this program reads version ${PLAN_VERSION}. Deploy the host again, which brings both together`,
    );
  }
  const ignored: string[] = [];
  let result = hostPlanSchema.safeParse(value);
  if (!result.success) {
    for (const issue of result.error.issues) {
      if (issue.code === "unrecognized_keys") ignored.push(...without(value, issue));
    }
    result = hostPlanSchema.safeParse(value);
  }
  if (result.success) return { plan: result.data, ignored };
  const list = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new UserError("HL-PLAN", `${where} is not a host plan:\n${list.join("\n")}`);
}

/** Removes keys from a freshly read value; answers their paths. */
function without(
  value: unknown,
  { path, keys }: { readonly path: readonly PropertyKey[]; readonly keys: readonly string[] },
): string[] {
  let at = value as Record<PropertyKey, unknown>;
  for (const step of path) at = at[step] as Record<PropertyKey, unknown>;
  for (const key of keys) delete at[key];
  return keys.map((key) => [...path, key].join("."));
}
