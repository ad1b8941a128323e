// Images are brought to all hosts at once, before the first of them is deployed.
import {
  DIGESTS,
  pullScript,
  pullStateIn,
  type PullState,
  type WantedImage,
} from "../../hosts/images/pull-script.ts";
import { runOnHost } from "../../hosts/remote-shell.ts";
import { counted } from "../../model/counted.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { repositoryOf } from "../../model/image-name.ts";
import { dockerCredentials, type Credentials } from "../../workspace/images/credentials.ts";

/** Time to list what is there. */
const LIST_SECONDS = 60;

/** A host that says nothing for so long is given up; it says something each second. */
const SILENT_SECONDS = 60;

/** How often it is said how far all of them are. */
const SAY_MS = 5_000;

/** What a host is to have, by reference, with its digest. */
export interface HostImages {
  readonly host: string;
  readonly images: ReadonlyMap<string, string>;
}

/** What came of it on one host. */
export interface Pulled {
  /** In words, for the log. */
  readonly text: string;
  /** References that could not be pulled, with the engine's words. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Nobody tried all of it, so nothing is known of what cannot be pulled. */
const ENDED: Pulled = { text: "ended before all were there", failed: new Map() };

/** Images on their way to hosts. */
export interface Pulling {
  /** What came of it on a host, once all of them are done; never an error of a host or a person. */
  of(host: string): Promise<Pulled>;
  /** Ends what is still under way. */
  stop(): Promise<void>;
}

/**
 * Has all hosts pull what they lack, side by side, and says every few seconds how far each is. Where
 * nothing is missing nothing is said.
 * @param interrupted ends it when a person wants the run to end
 */
export function pullAhead(
  hosts: readonly HostImages[],
  say: (line: string) => void,
  interrupted: AbortSignal,
): Pulling {
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, interrupted]);
  const texts = new Map<string, string>();
  const ticker = setInterval(() => {
    if (texts.size === 0) return;
    say(`images: ${[...texts].map(([host, text]) => `${host} ${text}`).join("; ")}`);
  }, SAY_MS);
  const results = new Map(
    hosts.map((one) => {
      const shown = (text: string): void => void texts.set(one.host, text);
      const result = pulled(one, shown, signal).finally(() => texts.delete(one.host));
      return [one.host, result] as const;
    }),
  );
  const all = Promise.allSettled(results.values()).finally(() => clearInterval(ticker));
  return {
    // A host that is deployed may be the one whose names or lines the others pull by.
    of: async (host) => {
      await all;
      return results.get(host) ?? { text: "not looked at", failed: new Map() };
    },
    stop: async () => {
      stopped.abort();
      await all;
    },
  };
}

async function pulled(
  { host, images }: HostImages,
  shown: (text: string) => void,
  signal: AbortSignal,
): Promise<Pulled> {
  try {
    const { stdout } = await runOnHost(host, DIGESTS, LIST_SECONDS);
    const there = new Set(stdout.split("\n"));
    const missing = [...images].filter(([, digest]) => !there.has(digest));
    if (missing.length === 0) return { text: `all ${images.size} there`, failed: new Map() };
    const logins = await dockerCredentials();
    const wanted = await Promise.all(
      missing.map(([reference, digest]) => wantedImage(reference, digest, logins)),
    );
    const begin = performance.now();
    const seconds = (): number => (performance.now() - begin) / 1000;
    let state: PullState = { images: [], text: `0 of ${counted(missing.length, "image")}` };
    const { stderr } = await runOnHost(host, pullScript(wanted), SILENT_SECONDS, {
      signal,
      onLine: (line) => {
        state = pullStateIn(line) ?? state;
        shown(state.text);
      },
    });
    if (signal.aborted) return ENDED;
    const failed = failedOf(missing, state, stderr);
    const text = `pulled ${state.text}, in ${seconds().toFixed(0)} s; the others were there`;
    return { text, failed };
  } catch (error) {
    if (signal.aborted) return ENDED;
    // The logins of this computer cannot be read; who needs none goes on.
    if (error instanceof UserError) {
      return { text: `none was pulled (${error.message})`, failed: new Map() };
    }
    // Whoever needs it says it again, and better: the host is away, or its engine.
    if (!(error instanceof HostError)) throw error;
    return { text: `nobody knows (${error.message})`, failed: new Map() };
  }
}

function failedOf(
  missing: readonly (readonly [string, string])[],
  { images }: PullState,
  stderr: string,
): Map<string, string> {
  const last = stderr.split("\n").at(-1) || "the host did not end it";
  return new Map(
    missing.flatMap(([reference], index) => {
      const one = images[index];
      return one?.state === "there" ? [] : [[reference, one?.why ?? last] as const];
    }),
  );
}

/** The image as the engine's API names it, with the login that `docker login` left here. */
export async function wantedImage(
  reference: string,
  digest: string,
  logins: Credentials,
): Promise<WantedImage> {
  const name = repositoryOf(reference);
  const registry = name.split("/")[0] ?? "";
  const basic = await logins.basicFor(registry);
  return { name, digest, auth: basic === undefined ? null : authOf(basic, registry) };
}

/** @param basic value of a Basic Authorization header */
function authOf(basic: string, serveraddress: string): string {
  const pair = Buffer.from(basic.slice("Basic ".length), "base64").toString();
  const [username = "", ...password] = pair.split(":");
  const login = { username, password: password.join(":"), serveraddress };
  return Buffer.from(JSON.stringify(login)).toString("base64url");
}
