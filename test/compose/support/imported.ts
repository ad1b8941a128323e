import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DISK } from "../../../cli/import/disk.ts";
import { houseFor } from "../../../cli/import/house.ts";
import { importCompose, type ImportedApp, type ImportOptions } from "../../../compose/import.ts";
import type { Mistake } from "../../../compose/mistake.ts";
import type { Sources } from "../../../compose/resolve/sources.ts";
import { hostNamed } from "../../support/fleet.ts";
import { CHECKOUT } from "../../support/rooms.ts";
import { site } from "../../support/site.ts";

/** Folder of Compose files as people write them, each in a folder of its own. */
export const FILES = join(import.meta.dirname, "../files");

/** Names of their folders. */
export const NAMES = readdirSync(FILES).sort();

/** The house that everything is imported into here. */
export const house = await houseFor(CHECKOUT, site, hostNamed("docker-vm"), undefined);

/** Files that are only here, by their paths below "/compose". */
export function inMemory(files: Readonly<Record<string, string>>): Sources {
  const at = (path: string) => files[path.replace("/compose/", "")];
  return { text: at, kind: (path) => (at(path) === undefined ? undefined : "file") };
}

type Options = Partial<Omit<ImportOptions, "house" | "file">>;

/** An app made of one of the files; fails the test when it has a mistake. */
export function imported(name: string, options: Options = {}): ImportedApp {
  const file = readdirSync(join(FILES, name)).find((one) => /^(docker-)?compose\.ya?ml$/.test(one));
  return app(importCompose({ file: join(FILES, name, file ?? ""), house, ...options }, DISK));
}

/** An app made of a text. */
export function importedText(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: Options = {},
): ImportedApp {
  return app(run(text, files, options));
}

/** The mistakes of a text. */
export function mistakesOf(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: Options = {},
): readonly Mistake[] {
  const result = run(text, files, options);
  return "mistakes" in result ? result.mistakes : [];
}

/** What was found, e.g. "changed services.web.restart: …". */
export function told({ findings }: ImportedApp): string[] {
  return findings.map(({ kind, path, message }) => `${kind} ${path}: ${message}`);
}

function run(text: string, files: Readonly<Record<string, string>>, options: Options) {
  const sources = inMemory({ ...files, "compose.yaml": text });
  return importCompose({ file: "/compose/compose.yaml", house, app: "test", ...options }, sources);
}

function app(result: ReturnType<typeof importCompose>): ImportedApp {
  if ("imported" in result) return result.imported;
  throw new Error(JSON.stringify(result.mistakes, undefined, 2));
}
