import type * as z from "zod";
import { ENV_NAME, overridePath, type OverrideFile } from "../../model/override-files.ts";
import { pathText, type Mistake, type Path } from "../mistake.ts";
import { readEnvFile } from "../read/dotenv.ts";
import { interpolate } from "../read/interpolate.ts";
import { isRecord, readYamlTree, type Point } from "../read/yaml-tree.ts";
import { NO_ENTRY } from "../resolve/variables.ts";
import { issuesOf } from "../schema/issues.ts";
import { allowedKeys, overrideFields, strayKeys, type OverrideFields } from "./keys.ts";
import { holdsSecret, SECRET_HINT } from "./secret.ts";

/** Said of a name alone, which Compose would take from the shell. */
export const NO_VALUE = "has a name without a value, and none is taken from a shell";

/** An override of one service as its file has it. */
export interface ReadOverride {
  readonly service: string;
  /** Path of the file on the host. */
  readonly file: string;
  readonly fields: OverrideFields;
  /** Where a key of the service stands in the file. */
  readonly pointOf: (path: Path) => Point | undefined;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads an override, filled in from the .env beside it and from nothing else.
 * @param env the .env file of the same folder; undefined where there is none
 */
export function readOverride(override: OverrideFile, env: OverrideFile | undefined): ReadOverride {
  const { service } = override;
  const file = overridePath(override);
  const tree = readYamlTree(override.text ?? "", file);
  const mistakes: Mistake[] = [...tree.mistakes];
  const mistake = (path: Path, message: string): void => {
    mistakes.push({ file, ...tree.pointOf(path), path: pathText(path), message });
  };
  const { values, mistakes: inEnv } = readEnv(env);
  mistakes.push(...inEnv);

  const filled = (given: unknown, path: Path): unknown => {
    if (typeof given === "string") {
      return interpolate(given, {
        valueOf: (name) => values.get(name),
        hidden: () => undefined,
        // Its name may be what follows a $ in a password.
        unset: () => mistake(path, "names a variable that the .env beside it does not have"),
        refuse: (message) => mistake(path, message),
      });
    }
    if (Array.isArray(given)) return given.map((item, index) => filled(item, [...path, index]));
    if (!isRecord(given)) return given;
    return Object.fromEntries(
      Object.entries(given).map(([key, item]) => [key, filled(item, [...path, key])]),
    );
  };

  const top = filled(tree.value, []);
  for (const stray of strayKeys(top, allowedKeys(service))) mistake(stray.path, stray.message);
  const root = ["services", service];
  const services = isRecord(top) ? top["services"] : undefined;
  const given = isRecord(services) ? services[service] : undefined;
  if (tree.mistakes.length === 0 && !isRecord(given)) {
    mistake(root, `has nothing of "${service}" in it; write \`services: { ${service}: … }\``);
  }
  const fields = Object.entries(isRecord(given) ? given : {}).flatMap(([key, item]) => {
    if (!Object.hasOwn(overrideFields, key)) return [];
    const schema: z.ZodType = overrideFields[key as keyof OverrideFields];
    const parsed = schema.safeParse(item);
    if (parsed.success) return [[key, parsed.data] as const];
    for (const issue of issuesOf(parsed.error)) {
      mistake([...root, key, ...issue.path], issue.message);
    }
    return [];
  });
  return {
    service,
    file,
    fields: Object.fromEntries(fields),
    pointOf: (path) => tree.pointOf([...root, ...path]),
    mistakes,
  };
}

/** The values of a .env file. They may name those before them. */
export function readEnv(env: OverrideFile | undefined): {
  readonly values: ReadonlyMap<string, string>;
  readonly mistakes: readonly Mistake[];
} {
  const values = new Map<string, string>();
  const mistakes: Mistake[] = [];
  const file = overridePath({ service: env?.service ?? "", name: ENV_NAME });
  for (const entry of readEnvFile(env?.text ?? "")) {
    if (typeof entry === "number") {
      mistakes.push({ file, line: entry, column: 1, path: "", message: NO_ENTRY });
      continue;
    }
    const { name, line } = entry;
    if (entry.value === undefined) {
      // The name may be a secret's value that stands alone.
      mistakes.push({ file, line, column: 1, path: "", message: NO_VALUE });
      continue;
    }
    const mistake = (message: string): void => {
      mistakes.push({ file, line, column: 1, path: name, message });
    };
    const value = entry.filled
      ? interpolate(entry.value, {
          valueOf: (other) => values.get(other),
          hidden: () => undefined,
          unset: () => mistake("names a variable that does not stand before it"),
          refuse: mistake,
        })
      : entry.value;
    if (holdsSecret(name, value)) mistake(SECRET_HINT);
    values.set(name, value);
  }
  return { values, mistakes };
}
