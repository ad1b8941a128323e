import { folderOf, secretEntry, titleOf, type Draft } from "../translate/draft.ts";
import type { Imports } from "../translate/context.ts";
import { camel } from "../translate/names.ts";
import type { DraftService } from "../translate/service.ts";
import { Code, codeOf, codePieces, isAboutProxy, textOf, type Printable } from "./code.ts";
import { importLines } from "./import-lines.ts";
import { wantsProxy } from "./test-file.ts";

const SITE = "site: Site";

/**
 * The plan of an app: one function that answers all of it, and one for each of its services.
 * @param composed name of the Compose file, for the reader
 */
export function planFile(draft: Draft, imports: Imports, composed: string): string {
  const parts = draft.services.map(servicePart);
  const job = draft.job === undefined ? undefined : jobPart(draft.job, imports);
  const main = mainPart(draft, imports, { parts, job }, composed);
  const body = [main, ...parts.map(({ code }) => code), ...(job ? [job.code] : [])].join("\n");
  const head = headPart(draft, imports);
  imports.add("model/declaration.ts", "type AppService");
  for (const [constant] of draft.texts) imports.add(textsModule(draft), constant);
  if (/\bproxy: HomeProxy\b/.test(body)) {
    imports.add("components/edge/proxy.plan.ts", "type HomeProxy");
  }
  if (/\b_?site: Site\b/.test(body)) imports.add("model/site.ts", "type Site");
  return `${importLines(imports.all(), folderOf(draft))}\n${head}${body}`;
}

/** Module with the texts of an app's files. */
export function textsModule(draft: Draft): string {
  return `${folderOf(draft)}/${draft.app}-config.plan.ts`;
}

interface Part {
  /** How the app calls it. */
  readonly call: string;
  readonly code: string;
}

/** Constants: stack, secrets, and the parts of the dump. */
function headPart(draft: Draft, imports: Imports): string {
  const lines = [`const STACK = ${textOf(draft.domain)};\n`];
  if (draft.database) {
    imports.add("components/data/database-dump.plan.ts", "databaseDump");
    const args = draft.database.dump as unknown as Printable;
    lines.push(
      "/** Lets the database's own container make the dump that is copied each night. */\n" +
        `const DUMP = databaseDump(${codeOf(args, "", "const DUMP = databaseDump();".length)});\n`,
    );
  }
  if (draft.secrets.length > 0) {
    imports.add("model/secrets.ts", "type Secrets");
    const entries = draft.secrets.map((found) => {
      const { purpose, example } = secretEntry(found, draft.app);
      const maker = imports.add("model/secrets.ts", example === undefined ? "generated" : "person");
      const args = [purpose, ...(example === undefined ? [] : [example])].map(textOf).join(", ");
      return `  ${textOf(found.name)}: ${maker}(${args}),\n`;
    });
    lines.push(
      `/** The secrets that are there because of it. */\nconst SECRETS: Secrets = {\n${entries.join("")}};\n`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function mainPart(
  draft: Draft,
  imports: Imports,
  { parts, job }: { readonly parts: readonly Part[]; readonly job: Part | undefined },
  composed: string,
): string {
  imports.add("model/app.ts", "app");
  const images = draft.images.map(({ constant, entry }) => {
    imports.add(entry?.module ?? `${folderOf(draft)}/${draft.app}.image.ts`, constant);
    return new Code(constant, undefined);
  });
  const fields: Printable = {
    type: draft.type,
    exposes: draft.exposes,
    images,
    networks: draft.networks.length > 0 ? draft.networks : undefined,
    services: parts.map(({ call }) => new Code(call, undefined)),
    jobs: job && [new Code(job.call, undefined)],
    secrets: draft.secrets.length > 0 ? new Code("SECRETS", undefined) : undefined,
    volumes: draft.volumes,
  };
  const wantsSite = parts.some(({ call }) => call.includes("(site"));
  const options = optionsOf(draft, imports);
  const parameters = [
    ...(wantsSite ? [SITE] : options ? ["_site: Site"] : []),
    ...(options ? [options] : []),
  ];
  return (
    `/** ${titleOf(draft.type)}, imported from ${composed}. */\n` +
    `export function ${draft.functionName}(${parameters.join(", ")}) {\n` +
    `  return app(${codeOf(fields, "  ", "return app();".length)});\n}\n`
  );
}

/** The options of an app: where people reach it, and through which proxy. */
function optionsOf(draft: Draft, imports: Imports): string | undefined {
  const { at } = draft;
  const site = at === undefined ? [] : [`at = ${textOf(at)}`];
  if (wantsProxy(draft)) {
    imports.add("components/edge/proxy.plan.ts", "type ReachedThrough");
    return `{ ${[...site, "proxy"].join(", ")} }: ReachedThrough`;
  }
  if (at === undefined) return undefined;
  imports.add("components/edge/routes.plan.ts", "type ReachedAt");
  return `{ ${site.join("")} }: ReachedAt = {}`;
}

/** A service in a function of its own. */
function servicePart({ composed, fields }: DraftService): Part {
  const text = codeOf(fields, "  ", "return ;".length);
  return functionPart(`${camel(composed)}Service`, `return ${text};`, codePieces(fields));
}

function jobPart(job: Printable, imports: Imports): Part {
  imports.add("model/copy-job.ts", "type CopyJob");
  const text = codeOf(job, "  ", "return ;".length);
  return functionPart("backup", `return ${text};`, [], "CopyJob");
}

/** A function with those of `site`, `at` and `proxy` that the pieces of code in it use. */
function functionPart(
  name: string,
  body: string,
  pieces: readonly string[],
  answers = "AppService",
): Part {
  const usesSite = pieces.some((piece) => /\bsite\b/.test(piece));
  const usesAt = pieces.some((piece) => piece === "at" || piece.includes("${at}"));
  const usesProxy = pieces.some(isAboutProxy);
  const parameters = [
    ...(usesSite ? [SITE] : []),
    ...(usesAt ? ["at: string"] : []),
    ...(usesProxy ? ["proxy: HomeProxy"] : []),
  ];
  const call = parameters.map((parameter) => parameter.replace(/:.*/, "")).join(", ");
  return {
    call: `${name}(${call})`,
    code: `function ${name}(${parameters.join(", ")}): ${answers} {\n  ${body}\n}\n`,
  };
}
