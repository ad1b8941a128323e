import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the imitation answers to one request. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A registry of this computer that answers as it is told. */
export interface ImitatedRegistry {
  /** As an image names it: address and port. */
  readonly name: string;
  /** Each request, e.g. "GET /v2/library/redis/manifests/7". */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  readonly close: () => Promise<void>;
}

/** Starts one; a request that `answer` answers with undefined loses its connection. */
export async function imitateRegistry(
  answer: (line: string, request: IncomingMessage) => Answer | undefined,
): Promise<ImitatedRegistry> {
  const requests: ImitatedRegistry["requests"] = [];
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    requests.push({ line, authorization: request.headers.authorization });
    const given = answer(line, request);
    if (given === undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(given.status, given.headers).end(given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    name: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
