// Completion of words in a shell. It knows the commands and options from the program itself, and what
// an argument may be from the declarations.
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { HOSTS } from "../model/host-names.ts";
import { declarationsOf, openProject } from "../workspace/project.ts";

/** Tells one word that would do, and what it means. */
type Offer = (word: string, meaning: string) => void;

/** What arguments and options of these names may be. */
const WORDS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  host: hosts,
  hosts,
  service: services,
  services,
  words: async () => [...HOSTS, ...(await services())],
};

/** Adds `homelab complete <shell>`, which prints what a shell sources; all other commands are there. */
export async function registerCompletion(program: Command): Promise<void> {
  const offered = await known();
  const completed = tab(program);
  for (const { arguments: named, options } of completed.commands.values()) {
    for (const [name, each] of [...named, ...options]) {
      const words = offered.get(name);
      if (words) each.handler = (offer: Offer) => words.forEach((word) => offer(word, ""));
    }
  }
}

/** The words, looked up beforehand: who completes does not wait. */
async function known(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = Object.entries(WORDS).map(async ([name, words]) => [name, await words()] as const);
  return new Map(await Promise.all(found));
}

function hosts(): Promise<readonly string[]> {
  return Promise.resolve(HOSTS);
}

/** Names of all services; none where the project cannot be read, which its commands then say. */
async function services(): Promise<readonly string[]> {
  try {
    const declared = declarationsOf(await openProject());
    return [...new Set(declared.flatMap((each) => each.services.map(({ name }) => name)))].sort();
  } catch {
    return [];
  }
}
