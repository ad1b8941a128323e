import { setTimeout as delay } from "node:timers/promises";
import { parseChallenge, type Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { isLoopback, type ManifestAddress } from "./registry-address.ts";
import { waitNamedBy } from "./rate-limit.ts";

/** Waits between tries, in seconds. */
export type Pause = (seconds: number) => Promise<unknown>;

/** Longest wait for one answer. */
export const TIMEOUT_SECONDS = 60;

/** Waits before another try, after a lost connection or an error of the registry's own. */
const BACK_OFF_SECONDS = [1, 3, 9];

/** A registry that wants a longer pause than this is not waited for. */
const LONGEST_PAUSE_SECONDS = 30;

/** A reason that another try would not change. */
export class Refusal extends Error {}

/** What is asked of a registry, and how. */
export interface Question {
  /** Whole address, at the image's registry. */
  readonly url: string;
  /** @default GET */
  readonly method?: "GET" | "HEAD";
  /** Media types that are understood. */
  readonly accept: string;
}

/** Asks registries, each with its login. */
export interface RegistrySession {
  /**
   * The answer to one question about an image, after as many tries as it takes.
   * @throws Refusal when the registry refuses, cannot be reached, or wants to be left alone
   */
  readonly ask: (address: ManifestAddress, question: Question) => Promise<Response>;
}

/**
 * Asks registries by the OCI distribution API, with the logins that are given. Once a registry says
 * that it was asked too often, it is left alone for the rest of the run.
 */
export function registrySession(
  credentials: Credentials,
  pause: Pause = (seconds) => delay(seconds * 1000),
): RegistrySession {
  const exhausted = new Map<string, Refusal>();
  /** Proofs by repository, which a registry gives for a while. */
  const proofs = new Map<string, string>();

  async function tries(
    registry: string,
    url: string,
    method: string,
    headers: Headers,
  ): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const known = exhausted.get(registry);
      if (known) throw known;
      const backOff = BACK_OFF_SECONDS[attempt];
      const answer = await tryOnce(url, method, headers);
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
    const login = await credentials.basicFor(address.registry);
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
    const answer = await tries(address.registry, realm.href, "GET", headers);
    if (!answer.ok) throw await denied(address, answer.status);
    const { token, access_token } = (await answer.json()) as Record<string, unknown>;
    const given = token ?? access_token;
    if (typeof given !== "string") throw new Refusal(`${realm.host} gave no token`);
    return `Bearer ${given}`;
  }

  async function denied(
    { registry, repository }: ManifestAddress,
    status: number,
  ): Promise<Refusal> {
    const keeper = credentials.keptBy(registry);
    const login =
      (await credentials.basicFor(registry)) !== undefined
        ? `the login that docker has for ${registry} does not let it be read`
        : keeper !== undefined
          ? `log in with \`docker login ${registry}\`; the program "docker-credential-${keeper}" gives no login for it`
          : `if it is there, it needs a login: \`docker login ${registry}\``;
    return new Refusal(`${registry} lets nobody read ${repository} (${status}); ${login}`);
  }

  async function ask(address: ManifestAddress, question: Question): Promise<Response> {
    const { registry, repository } = address;
    const { url, method = "GET", accept } = question;
    const key = `${registry}/${repository}`;
    const once = (proof: string | undefined): Promise<Response> => {
      const headers = new Headers({ accept });
      if (proof !== undefined) headers.set("authorization", proof);
      return tries(registry, url, method, headers);
    };
    let answer = await once(proofs.get(key));
    if (answer.status === 401) {
      const challenge = parseChallenge(answer.headers.get("www-authenticate"));
      const proof = await authorization(address, challenge);
      if (proof === undefined) throw await denied(address, answer.status);
      proofs.set(key, proof);
      answer = await once(proof);
    }
    if (answer.status === 401 || answer.status === 403) throw await denied(address, answer.status);
    return answer;
  }

  return { ask };
}

async function tryOnce(url: string, method: string, headers: Headers): Promise<Response | string> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
    return await fetch(url, { method, headers, signal });
  } catch (error) {
    return reasonOf(error);
  }
}

/** The runtime says "fetch failed", and the reason in a cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_SECONDS} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message || cause.name : error.message;
}
