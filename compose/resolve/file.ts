import { basename, dirname, isAbsolute, join } from "node:path";
import type * as z from "zod";
import { pathText, type Mistake, type Path } from "../mistake.ts";
import { interpolate } from "../read/interpolate.ts";
import { isRecord, readYamlTree } from "../read/yaml-tree.ts";
import { fileFields, fileSchema, type FileFields } from "../schema/file.ts";
import {
  nearest,
  OBSOLETE_FILE_KEYS,
  OTHER_FILE_KEYS,
  OTHER_SERVICE_KEYS,
} from "../schema/other-keys.ts";
import { issuesOf } from "../schema/issues.ts";
import { serviceFields, type ServiceFields } from "../schema/service.ts";
import type { Place, UnsetVariable } from "./project.ts";
import type { ProjectVariables } from "./variables.ts";

/** One Compose file, with its variables filled in and its short forms made long. */
export interface LoadedFile {
  readonly file: string;
  readonly top: FileFields;
  readonly services: ReadonlyMap<string, LoadedService>;
  readonly others: readonly { readonly key: string; readonly place: Place }[];
  readonly unset: readonly UnsetVariable[];
  readonly mistakes: readonly Mistake[];
  readonly place: (path: Path) => Place;
}

/** A service as it stands in one file, its paths made whole. */
export interface LoadedService {
  readonly fields: ServiceFields;
  readonly others: readonly { readonly key: string; readonly place: Place }[];
}

const FILE_KEYS = [...Object.keys(fileFields), "services", ...Object.keys(OTHER_FILE_KEYS)];
const SERVICE_KEYS = [...Object.keys(serviceFields), ...Object.keys(OTHER_SERVICE_KEYS)];

/**
 * Reads one Compose file, and every mistake in it.
 * @param filePath whole path, from which its own relative paths start
 * @param file how mistakes name it
 */
export function loadFile(
  text: string,
  filePath: string,
  file: string,
  variables: ProjectVariables,
): LoadedFile {
  const tree = readYamlTree(text, file);
  const mistakes = [...tree.mistakes];
  const place = (path: Path): Place => ({ file, line: tree.lineOf(path), path: pathText(path) });
  const mistake = (path: Path, message: string) => mistakes.push({ ...place(path), message });
  const unset: UnsetVariable[] = [];
  const value = filled(tree.value, []);

  function filled(given: unknown, path: Path): unknown {
    if (typeof given === "string") {
      return interpolate(
        given,
        variables.filling(`${basename(file)}, line ${tree.lineOf(path) ?? 1}`, {
          unset: (name) => unset.push({ name, place: place(path) }),
          refuse: (message) => mistake(path, message),
        }),
      );
    }
    if (Array.isArray(given)) return given.map((item, index) => filled(item, [...path, index]));
    if (!isRecord(given)) return given;
    return Object.fromEntries(
      Object.entries(given).map(([key, item]) => [key, filled(item, [...path, key])]),
    );
  }

  const { known: top, others } = sorted(value, [], FILE_KEYS, OTHER_FILE_KEYS);
  const services = new Map<string, LoadedService>();
  const given = isRecord(top["services"]) ? top["services"] : {};
  for (const [name, service] of Object.entries(given)) {
    const path = ["services", name];
    if (!isRecord(service)) {
      mistake(path, "is not a map");
      continue;
    }
    const found = sorted(service, path, SERVICE_KEYS, OTHER_SERVICE_KEYS);
    // Field by field: what is wrong in one hides nothing of the others.
    const fields: ServiceFields = Object.fromEntries(
      Object.entries(found.known).flatMap(([key, item]) => {
        const field = parsed(serviceFields[key as keyof ServiceFields], item, [...path, key]);
        return field === undefined ? [] : [[key, field] as const];
      }),
    );
    services.set(name, { fields: rooted(fields, dirname(filePath)), others: found.others });
  }
  if (tree.mistakes.length === 0 && !isRecord(top["services"])) {
    mistake([], "has no `services`; it is no Compose file");
  }
  const { services: _services, ...rest } = top;
  const fields = parsed(fileSchema, rest, []) ?? {};
  return { file, top: fields, services, others, unset, mistakes, place };

  /** The keys that are read, and those that are only named; what is none of both is a mistake. */
  function sorted(
    given: unknown,
    path: Path,
    keys: readonly string[],
    unread: Readonly<Record<string, string>>,
  ) {
    const known: Record<string, unknown> = {};
    const others: { key: string; place: Place }[] = [];
    for (const [key, item] of Object.entries(isRecord(given) ? given : {})) {
      if (key.startsWith("x-") || (path.length === 0 && OBSOLETE_FILE_KEYS.includes(key))) continue;
      if (Object.hasOwn(unread, key)) {
        others.push({ key, place: place([...path, key]) });
      } else if (keys.includes(key)) {
        // A key with nothing after it is as good as none.
        if (item !== null && item !== undefined) known[key] = item;
      } else {
        const meant = nearest(key, keys);
        const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
        // Where an indent is missing, a whole NAME=value can stand here.
        mistake(
          [...path, key.replace(/=.*/s, "=…")],
          `is no key of the Compose Specification${hint}`,
        );
      }
    }
    return { known, others };
  }

  function parsed<T>(schema: z.ZodType<T>, given: unknown, path: Path): T | undefined {
    const result = schema.safeParse(given);
    if (result.success) return result.data;
    for (const issue of issuesOf(result.error)) mistake([...path, ...issue.path], issue.message);
    return undefined;
  }
}

/** A service whose paths start at the root, so that another file can extend it. */
function rooted(fields: ServiceFields, folder: string): ServiceFields {
  const whole = (path: string) =>
    isAbsolute(path) || /^[~$]/.test(path) ? path : join(folder, path);
  return {
    ...fields,
    ...(fields.volumes && {
      volumes: fields.volumes.map((mount) =>
        mount.kind === "bind" && mount.source !== undefined
          ? { ...mount, source: whole(mount.source) }
          : mount,
      ),
    }),
    ...(fields.env_file && {
      env_file: fields.env_file.map((file) => ({ ...file, path: whole(file.path) })),
    }),
    ...(fields.extends?.file !== undefined && {
      extends: { ...fields.extends, file: whole(fields.extends.file) },
    }),
  };
}
