import { basename, dirname, join, relative, resolve } from "node:path";
import type { Vault } from "../secrets/vault.ts";
import type { Mistake } from "../mistake.ts";
import { covered } from "./cover.ts";
import { extended } from "./extends.ts";
import { environmentOf } from "./environment.ts";
import { loadFile, type LoadedFile } from "./file.ts";
import type { ComposeProject, ComposeService, Place } from "./project.ts";
import type { ComposeSource } from "../schema/file.ts";
import type { ServiceFields } from "../schema/service.ts";
import type { Sources } from "./sources.ts";
import { ProjectVariables } from "./variables.ts";

/** Which Compose file is read, and with which variables. */
export interface LoadOptions {
  /** Whole path of the Compose file. */
  readonly file: string;
  /** Whole paths of the files that variables are filled in from. @default ".env" beside it */
  readonly envFiles?: readonly string[] | undefined;
}

/** A field with the file that it stands in last. */
type Origins = ReadonlyMap<string, LoadedFile & { readonly service: string }>;

/** Reads a Compose file with all that it names, and every mistake in them. */
export function loadProject(options: LoadOptions, sources: Sources, vault: Vault): ComposeProject {
  const folder = dirname(options.file);
  const mistakes: Mistake[] = [];
  const variables = new ProjectVariables(vault, sources);
  for (const path of options.envFiles ?? [join(folder, ".env")]) {
    if (options.envFiles && sources.kind(path) !== "file") {
      mistakes.push({ file: path, path: "", message: "is not there" });
    }
    variables.read(path, mistakes);
  }

  const files = new Map<string, LoadedFile>();
  const open = (path: string): LoadedFile | undefined => {
    const known = files.get(path);
    if (known) return known;
    const text = sources.text(path);
    if (text === undefined) return undefined;
    const loaded = loadFile(text, path, relative(folder, path), variables);
    files.set(path, loaded);
    mistakes.push(...loaded.mistakes);
    return loaded;
  };

  const main = open(options.file);
  if (!main) {
    mistakes.push({ file: options.file, path: "", message: "is not there, or cannot be read" });
    return nothing(folder, mistakes);
  }
  // First: what a service has in its own words may be one of their values.
  const secrets = topSecrets(main.top.secrets ?? {});
  const services = [...main.services.keys()].map((name) => {
    const { fields, origins, others } = whole(options.file, main, name, []);
    const place = (key: string, ...inside: readonly (string | number)[]): Place => {
      const origin = origins.get(key) ?? { ...main, service: name };
      return origin.place(["services", origin.service, key, ...inside]);
    };
    return { name, fields, others, place };
  });
  return {
    name: composeName(main.top.name ?? basename(folder)),
    folder,
    services: withEnvironment(services),
    volumes: main.top.volumes ?? {},
    networks: main.top.networks ?? {},
    secrets,
    configs: main.top.configs ?? {},
    others: main.others,
    unset: [...files.values()].flatMap(({ unset }) => unset),
    mistakes,
  };

  /** A service with what it extends, from whichever file. */
  function whole(
    path: string,
    file: LoadedFile,
    name: string,
    below: readonly string[],
  ): { fields: ServiceFields; origins: Origins; others: ComposeService["others"] } {
    const own = file.services.get(name) ?? { fields: {}, others: [] };
    const origins = new Map(
      Object.keys(own.fields).map((key) => [key, { ...file, service: name }] as const),
    );
    const { extends: base } = own.fields;
    if (!base) return { fields: own.fields, origins, others: own.others };
    const at = file.place(["services", name, "extends"]);
    const basePath = base.file ?? path;
    const id = `${basePath}#${base.service}`;
    const baseFile = open(basePath);
    if (below.includes(id) || id === `${path}#${name}`) {
      mistakes.push({ ...at, message: `extends itself, over "${base.service}"` });
    } else if (!baseFile) {
      mistakes.push({
        ...at,
        message: `names the file "${relative(folder, basePath)}", which cannot be read`,
      });
    } else if (!baseFile.services.has(base.service)) {
      mistakes.push({ ...at, message: `"${base.service}" is no service of ${baseFile.file}` });
    } else {
      const found = whole(basePath, baseFile, base.service, [...below, `${path}#${name}`]);
      return {
        fields: extended(found.fields, own.fields),
        origins: new Map([...found.origins, ...origins]),
        others: [...found.others, ...own.others],
      };
    }
    return { fields: own.fields, origins, others: own.others };
  }

  /** A mark for each secret of the top level, whose value is in a file or a variable. */
  function topSecrets(given: Readonly<Record<string, ComposeSource>>): Record<string, string> {
    const marks = Object.entries(given).map(([key, { file, environment, external }]) => {
      const path = file === undefined ? undefined : resolve(folder, file);
      const value = path === undefined ? undefined : sources.text(path)?.trimEnd();
      if (environment !== undefined) {
        return [
          key,
          vault.hide(environment, variables.valueOf(environment), `${environment} in .env`),
        ] as const;
      }
      if (path !== undefined && value === undefined && external === undefined) {
        mistakes.push({
          ...(main as LoadedFile).place(["secrets", key, "file"]),
          message: `"${relative(folder, path)}" is not there`,
        });
      }
      return [key, vault.hide(key, value, path ? relative(folder, path) : "the engine")] as const;
    });
    return Object.fromEntries(marks);
  }

  function withEnvironment(
    found: readonly Omit<ComposeService, "environment">[],
  ): ComposeService[] {
    const all = found.map((service) => ({
      ...service,
      environment: environmentOf(service, { variables, sources, vault, folder, mistakes }),
    }));
    // Now that all values are known: what else has one of them in it.
    return all.map((service) => ({ ...service, ...covered(service, vault) }));
  }
}

/** The name of a project as Compose makes it: small letters, digits, - and _. */
function composeName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

function nothing(folder: string, mistakes: Mistake[]): ComposeProject {
  return {
    name: composeName(basename(folder)),
    folder,
    services: [],
    volumes: {},
    networks: {},
    secrets: {},
    configs: {},
    others: [],
    unset: [],
    mistakes,
  };
}
