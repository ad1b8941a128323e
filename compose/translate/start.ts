import { hasSecret } from "../secrets/vault.ts";
import { noted, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import type { DraftDatabase } from "./database.ts";
import { withDomain, type NamedSites } from "./environment.ts";
import type { Texts } from "./texts.ts";

/** Script that brings secrets into the environment of the program, and of nobody else. */
const START = "/homelab/start.sh";

/** How a service is started. */
export interface TranslatedStart {
  readonly entrypoint: Printable;
  readonly command: Printable;
  /** Files that it is started with. */
  readonly files: readonly Printable[];
}

/** Entry point and command: of the file, of the dump of a database, or behind a script. */
export function translateStart(
  service: ComposeService,
  script: string | undefined,
  database: DraftDatabase | undefined,
  named: NamedSites & { readonly texts: Texts },
  context: Context,
): TranslatedStart {
  const { entrypoint, command } = service.fields;
  if (database) {
    const { fields } = database;
    return { entrypoint: fields.entrypoint, command: fields.command, files: [fields.file] };
  }
  const words = (key: "entrypoint" | "command", list: readonly string[] | undefined) =>
    wordsOf(service, key, list, named, context);
  if (script === undefined) {
    return {
      entrypoint: words("entrypoint", entrypoint),
      command: words("command", command),
      files: [],
    };
  }
  const name = `${context.names.container(service.name)}-start.sh`;
  return {
    entrypoint: ["/bin/sh", START],
    // The file's own entry point is what the script goes on with.
    command: words("command", [...(entrypoint ?? []), ...(command ?? [])]),
    files: [{ target: START, content: { kind: "text", text: named.texts.add(name, script) } }],
  };
}

function wordsOf(
  service: ComposeService,
  key: "command" | "entrypoint",
  words: readonly string[] | undefined,
  named: NamedSites,
  { vault, findings, house }: Context,
): Printable {
  if (words === undefined) return undefined;
  const notes = words.some(hasSecret)
    ? [
        findings.decide(
          service.place(key),
          `how "${service.name}" gets its secret: every process list shows an argument; let it read a file, or let a script add the argument (components/javya/javya.plan.ts)`,
        ),
      ]
    : [];
  return noted(
    notes,
    words.map((word) => withDomain(vault.templateOf(word), named, house)),
  );
}
