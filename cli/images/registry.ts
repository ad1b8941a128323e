import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { parseChallenge, type Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { isLoopback, manifestAddress, type ManifestAddress } from "./registry-address.ts";
import { waitNamedBy } from "./rate-limit.ts";

/** The digest of an image, or why it could not be learnt. */
export type DigestAnswer = { readonly digest: string } | { readonly problem: string };

/** Longest wait for one answer. */
const TIMEOUT_SECONDS = 60;

/** Waits before another try, after a lost connection or an error of the registry's own. */
const BACK_OFF_SECONDS = [1, 3, 9];

/** A registry that wants a longer pause than this is not waited for. */
const LONGEST_PAUSE_SECONDS = 30;

/**
 * Manifests that an engine can pull (OCI image spec and Docker's manifest v2, schema 2). Indexes
 * go first: their digest holds on every processor.
 */
const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** A reason that another try would not change. */
class Refusal extends Error {}

/** A manifest's digest is the hash of its bytes. */
export function digestOf(manifest: Uint8Array): string {
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}

/**
 * Asks registries for digests by the OCI distribution API, with the logins that are given. Once a
 * registry says that it was asked too often, it is left alone for the rest of the run.
 * @param pause waits between tries, in seconds
 */
export function registryClient(
  credentials: Credentials,
  pause: (seconds: number) => Promise<unknown> = (seconds) => delay(seconds * 1000),
): (image: string) => Promise<DigestAnswer> {
  const exhausted = new Map<string, Refusal>();

  /** One answer to one request, after as many tries as it takes. */
  async function ask(url: string, registry: string, headers: Headers): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const known = exhausted.get(registry);
      if (known) throw known;
      const backOff = BACK_OFF_SECONDS[attempt];
      const answer = await tryOnce(url, headers);
      if (answer instanceof Response && answer.status === 429) {
        const limit = waitNamedBy(answer.headers, new Date());
        if (limit.seconds !== undefined && limit.seconds <= LONGEST_PAUSE_SECONDS && backOff) {
          await pause(limit.seconds);
          continue;
        }
        const refusal = new Refusal(`${registry} was asked too often; ${limit.words}`);
        exhausted.set(registry, refusal);
        throw refusal;
      }
      if (answer instanceof Response && answer.status < 500) return answer;
      if (backOff === undefined) {
        throw new Refusal(
          answer instanceof Response
            ? `${registry} answers ${answer.status}, in ${attempt + 1} tries; try again later`
            : `${new URL(url).host} cannot be reached, in ${attempt + 1} tries: ${answer}`,
        );
      }
      await pause(backOff);
    }
  }

  async function authorization(
    address: ManifestAddress,
    challenge: Challenge | undefined,
  ): Promise<string | undefined> {
    const login = credentials.basicFor(address.registry);
    if (challenge?.scheme !== "bearer") return challenge ? login : undefined;
    const realm = new URL(challenge.realm);
    if (realm.protocol !== "https:" && !isLoopback(realm.host)) {
      throw new Refusal(`${address.registry} wants a login to go to ${realm.host} unencrypted`);
    }
    const scope = `repository:${address.repository}:pull`;
    for (const [name, value] of Object.entries({ scope, ...challenge.parameters })) {
      if (name === "service" || name === "scope") realm.searchParams.set(name, value);
    }
    const headers = new Headers(login === undefined ? {} : { authorization: login });
    const answer = await ask(realm.href, address.registry, headers);
    if (!answer.ok) throw denied(address, answer.status);
    const { token, access_token } = (await answer.json()) as Record<string, unknown>;
    const given = token ?? access_token;
    if (typeof given !== "string") throw new Refusal(`${realm.host} gave no token`);
    return `Bearer ${given}`;
  }

  function denied({ registry, repository }: ManifestAddress, status: number): Refusal {
    const login =
      credentials.basicFor(registry) !== undefined
        ? `the login that docker's config.json has for ${registry} does not let it be read`
        : credentials.keptElsewhere !== undefined
          ? `log in with \`docker login ${registry}\`; what the program "${credentials.keptElsewhere}" keeps is not read here, only docker's config.json`
          : `if it is there, it needs a login: \`docker login ${registry}\``;
    return new Refusal(`${registry} lets nobody read ${repository} (${status}); ${login}`);
  }

  async function digest(address: ManifestAddress): Promise<string> {
    const { registry, origin, repository, tag } = address;
    const url = `${origin}/v2/${repository}/manifests/${tag}`;
    const headers = new Headers({ accept: MANIFEST_TYPES.join(", ") });
    let answer = await ask(url, registry, headers);
    if (answer.status === 401) {
      const challenge = parseChallenge(answer.headers.get("www-authenticate"));
      const proof = await authorization(address, challenge);
      if (proof === undefined) throw denied(address, answer.status);
      headers.set("authorization", proof);
      answer = await ask(url, registry, headers);
    }
    if (answer.status === 401 || answer.status === 403) throw denied(address, answer.status);
    if (answer.status === 404) throw new Refusal(`${registry} has no ${repository}:${tag} (404)`);
    if (!answer.ok) throw new Refusal(`${registry} answers ${answer.status}`);
    return await digestIn(answer);
  }

  return async (image) => {
    try {
      return { digest: await digest(manifestAddress(image)) };
    } catch (error) {
      // What is no refusal broke off inside an answer; its text is the runtime's own.
      return { problem: error instanceof Refusal ? error.message : reasonOf(error) };
    }
  };
}

async function tryOnce(url: string, headers: Headers): Promise<Response | string> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000) });
  } catch (error) {
    return reasonOf(error);
  }
}

/** The digest of what an answer holds, which must be what the registry says that it sent. */
async function digestIn(answer: Response): Promise<string> {
  const type = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
  // A page of some gateway would else be pinned as an image.
  if (!MANIFEST_TYPES.includes(type)) {
    throw new Refusal(`the answer is no image manifest, but "${type}"`);
  }
  const found = digestOf(new Uint8Array(await answer.arrayBuffer()));
  const said = answer.headers.get("docker-content-digest");
  if (said !== null && said !== found) {
    throw new Refusal(`the manifest came damaged: its digest is ${found}, announced was ${said}`);
  }
  return found;
}

/** The runtime says "fetch failed", and the reason in a cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_SECONDS} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message || cause.name : error.message;
}
