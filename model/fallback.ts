// What a host keeps of the services by which it is reached while it is deployed, and what it did with
// that (ADR 0035). Written by the deployer and by the host, read by both.
import * as z from "zod";
import { DEPLOYING_LIMIT_SECONDS } from "./paths.ts";

/**
 * A host puts nothing back before nobody has renewed the mark of the deployment for so long: as long
 * as the mark counts. By then the Pulumi of a run that was killed has ended, too.
 */
export const QUIET_SECONDS = DEPLOYING_LIMIT_SECONDS;

const service = z.strictObject({
  name: z.string(),
  /** Why the container that was kept may not go back; null where it may. */
  refused: z.string().nullable(),
  /** Longest wait until it is healthy. */
  deadlineSeconds: z.number().int().positive(),
});

/** Schema of /opt/homelab/fallback/armed.json: a deployment is under way that nobody has confirmed. */
export const armedSchema = z.strictObject({
  version: z.literal(1),
  /** Id of the run. */
  run: z.string(),
  /** ISO 8601, by the clock of who deploys. */
  since: z.string(),
  quietSeconds: z.number().positive(),
  /** Those of which a container is kept, in the order in which they go back. */
  services: z.array(service),
});

/** What the host may put back, and when. */
export type Armed = z.infer<typeof armedSchema>;
/** One service of it. */
export type ArmedService = Armed["services"][number];

/** Schema of what the host answers when it is asked to keep what runs. */
export const keptSchema = z.array(
  z.strictObject({
    name: z.string(),
    /** Image of the container that is kept; null where there was none that was well. */
    image: z.string().nullable(),
    /** Images that may have written the service's data since that container was well. */
    since: z.array(z.string()),
  }),
);

/** What a host keeps of each service. */
export type Kept = z.infer<typeof keptSchema>;

/** What the host did about a service by itself. */
export interface PutBackNote {
  /** The container that it is about, which has the service's name; "none" where there was none. */
  readonly container: string;
  /** ISO 8601, by the clock of the host. */
  readonly at: string;
  /** Whether the container is one that the host put back. */
  readonly back: boolean;
  /** In one line, what was done and why. */
  readonly words: string;
}

/** The line in which a note stands. */
export function noteLine({ container, at, back, words }: PutBackNote): string {
  return `${container} ${at} ${back ? "back" : "left"} ${words.replaceAll(/\s+/g, " ").trim()}`;
}

/** The note in a line; undefined for one that says nothing. */
export function noteIn(line: string): PutBackNote | undefined {
  const [, container, at, kind, words] = /^(\S+) (\S+) (back|left) (.+)$/.exec(line.trim()) ?? [];
  if (container === undefined || at === undefined || words === undefined) return undefined;
  return { container, at, back: kind === "back", words };
}

/** Name of the container that is to go back, until it has the service's own. */
export function waitingName(service: string): string {
  return `${service}.put-back`;
}

/** Name of the one that was broken: it stays for its logs until the next deployment removes it. */
export function brokenName(service: string): string {
  return `${service}.failed`;
}
