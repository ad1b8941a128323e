import { relative } from "node:path";
import type { Mistake } from "../mistake.ts";
import { readEnvFile } from "../read/dotenv.ts";
import { interpolate } from "../read/interpolate.ts";
import type { Vault } from "../secrets/vault.ts";
import { placeText, type ComposeService } from "./project.ts";
import type { Sources } from "./sources.ts";
import { hiddenWhole, NO_ENTRY, type ProjectVariables } from "./variables.ts";

/** What an environment is read with. */
export interface EnvironmentContext {
  readonly variables: ProjectVariables;
  readonly sources: Sources;
  readonly vault: Vault;
  /** Folder of the Compose file. */
  readonly folder: string;
  /** Takes what is wrong in the files. */
  readonly mistakes: Mistake[];
}

/**
 * The environment of a service: that of its files in their order, then its own, with marks in place
 * of secrets. A name without a value is taken from the project's variables.
 */
export function environmentOf(
  service: Omit<ComposeService, "environment">,
  context: EnvironmentContext,
): Record<string, string> {
  const { variables, vault } = context;
  const environment: Record<string, string> = {};
  const set = (name: string, value: string | undefined, where: string) => {
    const given = value ?? variables.valueOf(name);
    const hidden = hiddenWhole(vault, name, given, value === undefined ? ".env" : where);
    if (hidden !== undefined) environment[name] = hidden;
    else if (given !== undefined) environment[name] = given;
  };
  for (const entry of fileEntries(service, context)) set(entry.name, entry.value, entry.where);
  for (const [name, value] of Object.entries(service.fields.environment ?? {})) {
    set(name, value, placeText(service.place("environment", name)));
  }
  return environment;
}

function fileEntries(
  { fields, place }: Omit<ComposeService, "environment">,
  { variables, sources, folder, mistakes }: EnvironmentContext,
) {
  return (fields.env_file ?? []).flatMap(({ path, required, raw }, index) => {
    const file = relative(folder, path);
    const text = sources.text(path);
    if (text === undefined) {
      if (required) {
        mistakes.push({
          ...place("env_file", index),
          message: `"${file}" is not there; say required: false if it may be missing`,
        });
      }
      return [];
    }
    return readEnvFile(text).flatMap((entry) => {
      if (typeof entry === "number") {
        mistakes.push({ file, line: entry, path: "", message: NO_ENTRY });
        return [];
      }
      const { name, value, filled, line } = entry;
      const refuse = (message: string) => mistakes.push({ file, line, path: name, message });
      const filling = variables.filling(file, { unset: () => undefined, refuse });
      const whole = value !== undefined && filled && !raw ? interpolate(value, filling) : value;
      return [{ name, value: whole, where: file }];
    });
  });
}
