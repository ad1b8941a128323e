// Completion of words in a shell. It knows the commands and options from the program itself, and what
// an argument may be from the declarations.
import tab from "@bomb.sh/tab/commander";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { HostDeclaration, ServiceDeclaration } from "../model/declaration.ts";
import { HOSTS } from "../model/host-names.ts";
import { secretsOf } from "../model/host-secrets.ts";
import { declarationsOf, openProject } from "../workspace/project.ts";
import { FORMATS } from "./graph/graph.ts";

/** Tells one word that would do, and what it means. */
type Offer = (word: string, meaning: string) => void;

/** What may stand where a command's usage names a value so, e.g. `<host>` or `[services...]`. */
const WORDS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  host: hosts,
  hosts,
  machine: hosts,
  service: services,
  services,
  database: databases,
  stack: stacks,
  secret: secrets,
  format: () => Promise.resolve(FORMATS),
  words: async () => [...(await hosts()), ...(await services())],
};

/** Adds `homelab complete <shell>`, which prints what a shell sources; all other commands are there. */
export async function registerCompletion(program: CommandUnknownOpts): Promise<void> {
  const offered = await known();
  // The same program; its types alone are others.
  const completed = tab(program as unknown as Parameters<typeof tab>[0]);
  for (const [words, command] of commandsOf(program)) {
    const there = completed.commands.get(words);
    for (const { name, value } of valuesOf(command)) {
      const each = there?.arguments.get(name) ?? there?.options.get(name);
      const allowed = offered.get(value);
      if (each && allowed) {
        each.handler = (offer: Offer) => allowed.forEach((word) => offer(word, ""));
      }
    }
  }
}

/** All commands by their words, e.g. "backup list". */
function commandsOf(
  command: CommandUnknownOpts,
  parents: readonly string[] = [],
): [string, CommandUnknownOpts][] {
  return command.commands.flatMap((each) => {
    const words = [...parents, each.name()];
    return [[words.join(" "), each] as [string, CommandUnknownOpts], ...commandsOf(each, words)];
  });
}

/** The values of a command's arguments and options, as its usage names them. */
function valuesOf(command: CommandUnknownOpts): { name: string; value: string }[] {
  return [
    ...command.registeredArguments.map((each) => ({ name: each.name(), value: each.name() })),
    ...command.options.map(({ long, flags }) => ({
      name: long?.slice("--".length) ?? "",
      value: /<([^>.]+)/.exec(flags)?.[1] ?? "",
    })),
  ];
}

/** The words, looked up beforehand: who completes does not wait. */
async function known(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = Object.entries(WORDS).map(async ([name, words]) => [name, await words()] as const);
  return new Map(await Promise.all(found));
}

function hosts(): Promise<readonly string[]> {
  return Promise.resolve(HOSTS);
}

function services(): Promise<readonly string[]> {
  return declared(({ name }) => [name]);
}

function databases(): Promise<readonly string[]> {
  return declared(({ name, databaseRole }) => (databaseRole ? [name] : []));
}

function stacks(): Promise<readonly string[]> {
  return declared(({ stack }) => [stack]);
}

/** Names that services have. */
function declared(
  has: (service: ServiceDeclaration) => readonly string[],
): Promise<readonly string[]> {
  return inProject((hosts) => hosts.flatMap(({ services }) => services.flatMap(has)));
}

function secrets(): Promise<readonly string[]> {
  return inProject((hosts) => hosts.flatMap((host) => [...secretsOf(host)]));
}

/** Names in the declarations; none where the project cannot be read, which its commands then say. */
async function inProject(
  words: (hosts: readonly HostDeclaration[]) => readonly string[],
): Promise<readonly string[]> {
  try {
    return [...new Set(words(declarationsOf(await openProject())))].sort();
  } catch {
    return [];
  }
}
