import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/errors.ts";
import {
  ENV_NAME,
  OVERRIDE_NAME,
  overridePath,
  type OverrideFile,
  type OverrideFiles,
} from "../../model/override-files.ts";
import { findProblems } from "../../model/validate.ts";
import { mistakeProblem, mistakeText, pathText, type Mistake } from "../mistake.ts";
import { limits } from "./limits.ts";
import type { About, Edit, Part } from "./part.ts";
import { ports } from "./ports.ts";
import { readEnv, readOverride, type ReadOverride } from "./read.ts";
import { environment, extraHosts, labels } from "./texts.ts";
import { healthcheck, sharedMemory, stopGrace } from "./times.ts";
import { volumes } from "./volumes.ts";

/** One thing that is otherwise on a host than it is declared. */
export interface Overridden {
  readonly service: string;
  /** Path of the file that says so, on the host. */
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** Key of the service in that file, e.g. "environment.TZ". */
  readonly key: string;
  /** As it is declared; null where nothing is. */
  readonly old: string | null;
  readonly next: string;
}

/** A host with what is overridden on it. */
export interface OverriddenHost {
  /** Just the one that was given where nothing is overridden. */
  readonly declaration: HostDeclaration;
  readonly overridden: readonly Overridden[];
  /** Every mistake; while there is one, nobody goes by the declaration. */
  readonly mistakes: readonly Mistake[];
}

const PARTS: readonly Part[] = [
  environment,
  labels,
  extraHosts,
  limits,
  healthcheck,
  stopGrace,
  sharedMemory,
  ports,
  volumes,
];

/**
 * A host as it is declared, with what a person overrides on it. The rules that every declaration is
 * held to are looked at once more, with the overrides in it.
 * @throws UserError HL-OVERRIDE with every mistake, each with file, line and column
 */
export function withOverrides(host: HostDeclaration, files: OverrideFiles): HostDeclaration {
  const { declaration, mistakes } = overriddenHost(host, files);
  if (mistakes.length === 0) return declaration;
  const list = mistakes.map((mistake) => `  ${mistakeText(mistake)}`).join("\n");
  throw new UserError(
    "HL-OVERRIDE",
    `${counted(mistakes.length, "mistake")} in what is overridden on ${host.host}; nothing was changed. Correct or remove the files there:\n${list}`,
    mistakes.map(mistakeProblem),
  );
}

/** The same, with what is overridden and what is wrong as data. */
export function overriddenHost(host: HostDeclaration, files: OverrideFiles): OverriddenHost {
  if (files.files.length === 0) return { declaration: host, overridden: [], mistakes: [] };
  const mistakes: Mistake[] = [];
  const isService = (name: string): boolean => host.services.some((one) => one.name === name);
  const sound = files.files.filter((file) => {
    // What else a person keeps there is nobody's business.
    if (file.name === ENV_NAME && !isService(file.service)) return false;
    const message = wrongWith(host, file);
    if (message !== undefined) mistakes.push({ file: overridePath(file), path: "", message });
    return message === undefined;
  });
  const envs = new Map(
    sound.filter(({ name }) => name === ENV_NAME).map((file) => [file.service, file]),
  );
  const overrides = sound.filter(({ name }) => name === OVERRIDE_NAME);
  for (const [service, env] of envs) {
    // With an override it is read together with that.
    if (!overrides.some((one) => one.service === service)) mistakes.push(...readEnv(env).mistakes);
  }
  const applied = overrides.map((file) =>
    applyTo(host, readOverride(file, envs.get(file.service)), { host, machine: files }),
  );
  mistakes.push(...applied.flatMap((one) => one.mistakes));
  const byName = new Map(applied.map(({ service }) => [service.name, service]));
  const overridden = applied.flatMap((one) => one.overridden);
  if (overridden.length === 0) return { declaration: host, overridden, mistakes };
  const declaration = {
    ...host,
    services: host.services.map((service) => byName.get(service.name) ?? service),
  };
  return {
    declaration,
    overridden: overridden.map(({ edit: _edit, ...one }) => one),
    mistakes: [...mistakes, ...ruleMistakes(host, declaration, overridden)],
  };
}

/** What is wrong with a file before anybody reads it. */
function wrongWith({ host, services }: HostDeclaration, file: OverrideFile): string | undefined {
  if (file.name !== ENV_NAME && !services.some(({ name }) => name === file.service)) {
    return `"${file.service}" is no service of ${host}; rename or remove the folder`;
  }
  if (file.name !== ENV_NAME && file.name !== OVERRIDE_NAME) {
    return `is not read under this name; rename it to ${OVERRIDE_NAME}`;
  }
  if (file.unread === "unsafe") {
    return "is no plain file, or others than root can write it or its folder; it was not read";
  }
  return file.unread === "large" ? "is too large to be one; it was not read" : undefined;
}

interface Applied {
  readonly service: ServiceDeclaration;
  readonly overridden: readonly (Overridden & { readonly edit: Edit })[];
  readonly mistakes: readonly Mistake[];
}

const HOLDS_THE_ENGINE =
  "is of a service that holds the engine's socket, and could open a way to the whole host; change the declaration";

/** Whether who has the container has the host. */
function holdsTheEngine({ mounts = [] }: ServiceDeclaration): boolean {
  return mounts.some((one) => one.kind === "bind" && one.source.endsWith("/docker.sock"));
}

function applyTo(host: HostDeclaration, read: ReadOverride, about: About): Applied {
  const declared = host.services.find(({ name }) => name === read.service);
  if (!declared) throw new Error(`nothing declares "${read.service}"`);
  let service = declared;
  const overridden: Applied["overridden"][number][] = [];
  const mistakes = [...read.mistakes];
  for (const part of PARTS) {
    const outcome = part(service, read.fields, about);
    const [edit] = outcome.edits;
    if (edit && holdsTheEngine(declared) && (part === environment || part === ports)) {
      const path = pathText(["services", read.service, ...edit.at]);
      mistakes.push({ file: read.file, ...read.pointOf(edit.at), path, message: HOLDS_THE_ENGINE });
      continue;
    }
    ({ service } = outcome);
    for (const { at, message } of outcome.refusals) {
      const path = pathText(["services", read.service, ...at]);
      mistakes.push({ file: read.file, ...read.pointOf(at), path, message });
    }
    for (const edit of outcome.edits) {
      const { line, column } = read.pointOf(edit.at) ?? {};
      const base = { service: read.service, file: read.file, line, column };
      overridden.push({ ...base, key: pathText(edit.at), old: edit.old, next: edit.next, edit });
    }
  }
  return { service, overridden, mistakes };
}

/** What the rules of every declaration say of the overrides, and did not say without them. */
function ruleMistakes(
  host: HostDeclaration,
  declaration: HostDeclaration,
  overridden: Applied["overridden"],
): Mistake[] {
  const contracts = host.contracts ?? [];
  const before = new Set(findProblems([host], contracts).map(({ path }) => path));
  return findProblems([declaration], contracts)
    .filter(({ path }) => !before.has(path))
    .map(({ path, message }): Mistake => {
      const about =
        overridden.find(({ service, edit }) =>
          isAbout(path, `${host.host}.${service}.${edit.declared}`),
        ) ??
        // A port that it took from who comes after it is told of that one.
        overridden.find(
          ({ service, edit }) =>
            edit.declared.startsWith("ports[") && message.includes(`"${service}"`),
        );
      const one =
        about ?? overridden.find((any) => path.startsWith(`${host.host}.${any.service}.`));
      if (!one) return { file: path, path: "", message };
      const key = about ? about.key : path.slice(`${host.host}.${one.service}.`.length);
      const { file, line, column } = one;
      return { file, line, column, path: `services.${one.service}.${key}`, message };
    });
}

function isAbout(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`);
}
