// The few requests of the distribution protocol that a push needs. Existing tools send every blob
// to every repository; this one sends a shared layer once and then only names it.
import { readFile } from "node:fs/promises";
import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Media type of the manifests that are pushed; without it the registry says they are unknown. */
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** Where images are pushed. */
export interface Registry {
  /** Address, e.g. "https://198.18.77.2". */
  readonly url: string;
  /** File with the authority that signed its certificate. @default the computer's authorities */
  readonly caFile?: string;
  /** Name its certificate has, where that is not the host of the URL. */
  readonly serverName?: string;
}

/** An answer of the registry. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Sends requests over connections that are kept. */
export class RegistryClient {
  readonly #base: URL;
  readonly #agent: Agent | PlainAgent;

  private constructor(base: URL, agent: Agent | PlainAgent) {
    this.#base = base;
    this.#agent = agent;
  }

  /** A client for the registry. */
  static async to(registry: Registry): Promise<RegistryClient> {
    const base = new URL(registry.url);
    if (base.protocol === "http:")
      return new RegistryClient(base, new PlainAgent({ keepAlive: true, maxSockets: 8 }));
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 8,
      ...(registry.caFile === undefined ? {} : { ca: await readFile(registry.caFile) }),
      ...(registry.serverName === undefined ? {} : { servername: registry.serverName }),
    });
    return new RegistryClient(base, agent);
  }

  /** Closes its connections. */
  close(): void {
    this.#agent.destroy();
  }

  /**
   * Sends one request.
   * @param path below the registry's root, or the URL of an upload that it answered
   * @throws Error when the registry cannot be reached
   */
  async send(
    method: string,
    path: string,
    body?: { readonly type: string; readonly size: number; readonly data: Readable },
  ): Promise<Answer> {
    // An upload's URL names the registry as it sees itself; the address stays the one we were given.
    const target = new URL(path, this.#base);
    const options = {
      method,
      protocol: this.#base.protocol,
      hostname: this.#base.hostname,
      port: this.#base.port,
      path: target.pathname + target.search,
      agent: this.#agent,
      headers: {
        accept: OCI_MANIFEST,
        ...(body === undefined ? {} : { "content-type": body.type, "content-length": body.size }),
      },
    };
    return new Promise((resolve, reject) => {
      const sent = (this.#base.protocol === "http:" ? plainRequest : request)(
        options,
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      sent.on("error", reject);
      if (body === undefined) sent.end();
      else pipeline(body.data, sent).catch(reject);
    });
  }
}
