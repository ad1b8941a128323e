import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import type { HostDeclaration } from "../model/declaration.ts";
import { UserError } from "../model/errors.ts";
import { HOSTS, type HostName } from "../model/host-names.ts";
import { parseImageLock, type ImageLock } from "../model/image-reference.ts";
import type { SecretName } from "../model/secrets.ts";
import { parseSite, type Site } from "../model/site.ts";
import { declareFleet, type Fleet } from "../household/fleet.plan.ts";

/** A Pulumi.<stack>.yaml, as far as it is read here. */
export interface StackFile {
  readonly path: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Pulumi has written its salt: secrets can be in it. */
  readonly salted: boolean;
  /** Where its key is kept, when that is not a passphrase. */
  readonly secretsProvider: string | undefined;
}

/** The Pulumi project that plain `pulumi` would use. */
export interface Project {
  /** Folder of Pulumi.yaml. */
  readonly folder: string;
  readonly name: string;
  /** Folder of the program, from which relative paths in the config are read. */
  readonly programFolder: string;
  /** Backend that Pulumi.yaml names; the environment's goes before it. */
  readonly backend: string | undefined;
  /** Config values of Pulumi.yaml, which stack files override. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly stacks: Readonly<Record<HostName, StackFile>>;
}

/** Whether a stack's config holds a secret, and how. */
export type SecretState = "encrypted" | "plain" | "missing";

const CHECKOUT = resolve(import.meta.dirname, "..");
const DEFAULT_LOCK = "images.lock.json";

const projectSchema = z.looseObject({
  name: z.string(),
  main: z.string().optional(),
  backend: z.looseObject({ url: z.string().optional() }).optional(),
  config: z.record(z.string(), z.unknown()).default({}),
});

const stackSchema = z.looseObject({
  config: z.record(z.string(), z.unknown()).nullish(),
  encryptionsalt: z.string().optional(),
  encryptedkey: z.string().optional(),
  secretsprovider: z.string().optional(),
});

/**
 * Reads the project and its stack files; a stack file that is missing counts as empty.
 * @throws UserError HL-PROJECT when a file is missing or is not what Pulumi writes
 */
export async function openProject(environment: NodeJS.ProcessEnv = process.env): Promise<Project> {
  const folder = resolve(environment["PULUMI_OPTION_CWD"] ?? CHECKOUT);
  const file = join(folder, "Pulumi.yaml");
  const text = await readText(file);
  if (text === undefined) {
    throw new UserError(
      "HL-PROJECT",
      `"${file}" cannot be read; PULUMI_OPTION_CWD must name the folder of the Pulumi project, or be unset`,
    );
  }
  const project = parsed(projectSchema, text, file);
  const stacks = await Promise.all(
    HOSTS.map(async (host) => [host, await readStackFile(folder, host)] as const),
  );
  return {
    folder,
    name: project.name,
    programFolder: dirname(resolve(folder, project.main ?? "index.ts")),
    backend: project.backend?.url,
    config: Object.fromEntries(
      Object.entries(project.config).map(([key, entry]) => [key, projectValue(entry)]),
    ),
    stacks: Object.fromEntries(stacks) as Record<HostName, StackFile>,
  };
}

async function readStackFile(folder: string, host: HostName): Promise<StackFile> {
  const path = join(folder, `Pulumi.${host}.yaml`);
  const found = parsed(stackSchema, (await readText(path)) ?? "{}", path);
  return {
    path,
    config: found.config ?? {},
    salted: found.encryptionsalt !== undefined || found.encryptedkey !== undefined,
    secretsProvider: found.secretsprovider,
  };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}

function parsed<T>(schema: z.ZodType<T>, text: string, path: string): T {
  try {
    return schema.parse(parse(text) ?? {});
  } catch (error) {
    throw new UserError("HL-PROJECT", `"${path}" is not what Pulumi writes:\n${reasonOf(error)}`);
  }
}

/** Where the mistake is and which; not a word of the file, which can hold a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  if (!(error instanceof YAMLParseError)) return "an alias in it (*name) stands for nothing";
  const [at] = error.linePos ?? [];
  return `no YAML (${error.code})${at === undefined ? "" : ` at line ${at.line}, column ${at.col}`}`;
}

/** Pulumi.yaml holds a value itself, or an object with `value` or `default`. */
function projectValue(entry: unknown): unknown {
  if (entry === null || typeof entry !== "object") return entry;
  if ("value" in entry) return entry.value;
  return "default" in entry ? entry.default : entry;
}

/** A value of a stack's config as the program would see it. */
export function configValue(project: Project, host: HostName, key: string): unknown {
  return project.stacks[host].config[key] ?? project.config[key];
}

/** @throws UserError HL-SITE that lists every mistake in the site settings of a stack */
export function siteOf(project: Project, host: HostName): Site {
  const value = configValue(project, host, "homelab:site");
  return parseSite(typeof value === "string" ? jsonOr(value) : value);
}

/** `pulumi config set` without --path leaves JSON text. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * All hosts as data, each with the site settings of its own stack.
 * @throws UserError HL-SITE, HL-ROUTES for settings that nothing can be declared from
 */
export function declarationsOf(project: Project): HostDeclaration[] {
  const known = new Map<string, Fleet>();
  return HOSTS.map((host) => {
    const site = siteOf(project, host);
    const key = JSON.stringify(site);
    const fleet = known.get(key) ?? declareFleet(site);
    known.set(key, fleet);
    return fleet[host].declaration;
  });
}

/** The image lock file of a stack, as an absolute path. */
export function lockPathOf(project: Project, host: HostName): string {
  const named = configValue(project, host, "homelab:imageLock");
  return resolve(project.programFolder, typeof named === "string" ? named : DEFAULT_LOCK);
}

/**
 * Reads an image lock file; one that does not exist is empty.
 * @throws UserError HL-LOCK when it is damaged
 */
export async function readLock(path: string): Promise<ImageLock> {
  const text = await readText(path);
  return text === undefined ? { version: 1, images: {} } : parseImageLock(text, path);
}

/** Hosts as they are declared, each with the digests of its images. */
export function withLocks(
  project: Project,
  declarations: readonly HostDeclaration[],
): Promise<{ declaration: HostDeclaration; lock: ImageLock }[]> {
  return Promise.all(
    declarations.map(async (declaration) => ({
      declaration,
      lock: await readLock(lockPathOf(project, declaration.host)),
    })),
  );
}

/** How a stack's config holds a secret of ours. */
export function secretState(project: Project, host: HostName, name: SecretName): SecretState {
  return keyState(project, host, secretKey(name));
}

/** How a stack's config holds the secret of a whole key, e.g. "tailscale:apiKey". */
export function keyState(project: Project, host: HostName, key: string): SecretState {
  const value = project.stacks[host].config[key];
  if (value === undefined) return "missing";
  return value !== null && typeof value === "object" && "secure" in value ? "encrypted" : "plain";
}

/** Config key of a secret. */
export function secretKey(name: SecretName): string {
  return `homelab:${name}`;
}
