import { createServer, type Server, type ServerResponse } from "node:http";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An engine that answers on a socket as the real one does, as far as it is asked here. */
export class ImitatedEngine {
  readonly socket = join(mkdtempSync(join(tmpdir(), "engine-")), "docker.sock");
  readonly calls: string[] = [];
  readonly #containers: Map<string, { status: string; health: string }>;
  readonly #server: Server;
  #stream: ServerResponse | undefined;

  constructor(containers: Readonly<Record<string, { status: string; health: string }>>) {
    this.#containers = new Map(Object.entries(containers));
    this.#server = createServer((request, response) => {
      const [path = ""] = (request.url ?? "").split("?");
      const [, , name = "", verb = ""] = path.split("/");
      if (path === "/_ping") return void response.end("OK");
      if (path === "/events") {
        this.#stream = response;
        return void response.writeHead(200).flushHeaders();
      }
      const container = this.#containers.get(name);
      if (!container) return void response.writeHead(404).end('{"message":"No such container"}');
      if (verb === "json") {
        const { status, health } = container;
        const body = {
          State: { Status: status, Health: { Status: health } },
          Config: { Healthcheck: { Test: ["CMD", "x"] } },
        };
        return void response.end(JSON.stringify(body));
      }
      this.calls.push(`${verb} ${name}`);
      if (name === "refused")
        return void response.writeHead(500).end('{"message":"port is taken"}');
      response.writeHead(204).end();
      if (verb === "stop") return;
      this.set(name, { status: "running", health: "healthy" });
      this.event(name, "start");
      setTimeout(() => this.event(name, "health_status: healthy"), 20);
    });
  }

  event(name: string, Action: string, more: Readonly<Record<string, string>> = {}): void {
    this.#stream?.write(
      `${JSON.stringify({ Action, Actor: { Attributes: { name, ...more } } })}\n`,
    );
  }

  /** What a look at the container shows from now on. */
  set(name: string, state: { status: string; health: string }): void {
    this.#containers.set(name, state);
  }

  /** A container's process ends; `signal` when the engine was told to send one. */
  end(name: string, exitCode = 0, signal?: string): void {
    if (signal !== undefined) this.event(name, "kill", { signal });
    this.set(name, { status: "exited", health: "unhealthy" });
    this.event(name, "die", { exitCode: String(exitCode) });
  }

  breakStream(): void {
    this.#stream?.destroy();
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socket, resolve));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
