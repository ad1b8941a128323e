// An engine with containers to list, inspect and hear of, on a socket as the real one has it.
import { mkdtempSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Engine } from "../../../../programs/boot/engine.ts";

/** A container of the imitated engine. */
export interface ImitatedContainer {
  readonly status: string;
  readonly health?: string;
  readonly exitCode?: number;
  readonly image?: string;
  readonly spec?: string;
  /** It cannot be inspected while the engine hangs in it. */
  readonly hangs?: boolean;
}

/** Id of a container, made of its name. */
export function idOf(name: string): string {
  return Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64);
}

/** Digest in the imitated references. */
export const DIGEST = `sha256:${"b".repeat(64)}`;

const STARTED = "2026-11-26T09:00:00.123456789Z";
const ENDED = ["exited", "dead"];

/** An engine on a socket. */
export class ImitatedContainers {
  readonly socket = join(mkdtempSync(join(tmpdir(), "engine-")), "docker.sock");
  /** How often its list was asked for. */
  lists = 0;
  /** What it was told to do, e.g. "restart web 10". */
  readonly did: string[] = [];
  /** How what is executed in a container ends. */
  exitCode = 0;
  /** Folders of its volumes, by name. */
  readonly volumes = new Map<string, string>();
  /** Called with each container in which something is executed. */
  onExec: (name: string) => void = () => undefined;
  /** Awaited before an inspection is answered. */
  beforeInspecting: () => Promise<void> = () => Promise.resolve();
  readonly #containers: Map<string, ImitatedContainer>;
  #server: Server | undefined;
  #stream: ServerResponse | undefined;
  #nano = 1_700_000_000_000_000_000n;

  constructor(containers: Readonly<Record<string, ImitatedContainer>>) {
    this.#containers = new Map(Object.entries(containers));
  }

  /** Whether somebody listens to it. */
  get isHeard(): boolean {
    return this.#stream !== undefined;
  }

  get engine(): Engine {
    return new Engine("nas", this.socket);
  }

  async listen(): Promise<this> {
    const server = createServer((request, response) => {
      const url = request.url ?? "";
      if (request.method === "POST") this.#act(url, response);
      else void this.#answer(url, response);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.socket, resolve));
    return this;
  }

  /** The engine goes away, with its stream. */
  close(): Promise<void> {
    this.#stream = undefined;
    this.#server?.closeAllConnections();
    return new Promise((resolve) =>
      this.#server ? this.#server.close(() => resolve()) : resolve(),
    );
  }

  /** What is seen of a container from now on, without a word about it. */
  set(name: string, container: ImitatedContainer | undefined): void {
    if (container) this.#containers.set(name, container);
    else this.#containers.delete(name);
  }

  /** The engine says something of a container. */
  say(name: string, action: string, more: Readonly<Record<string, string>> = {}): void {
    const image = this.#containers.get(name)?.image ?? name;
    const attributes = { ...more, name, image, SECRET_LABEL: "hunter2" };
    this.#nano += 1n;
    const line = JSON.stringify({
      Action: action,
      Actor: { ID: idOf(name), Attributes: attributes },
    });
    this.#stream?.write(`${line.slice(0, -1)},"timeNano":${this.#nano}}\n`);
  }

  /** Somebody stops a container by hand. */
  stop(name: string): void {
    this.say(name, "kill", { signal: "15" });
    this.set(name, { ...this.#containers.get(name), status: "exited", exitCode: 137 });
    this.say(name, "die", { exitCode: "137" });
    this.say(name, "stop");
  }

  /** Its event stream ends, and it lives on. */
  endStream(): void {
    this.#stream?.destroy();
  }

  #act(url: string, response: ServerResponse): void {
    const [path = "", query = ""] = url.split("?");
    const [, what = "", name = "", verb = ""] = path.split("/");
    if (what === "exec") return void response.end();
    this.did.push([verb, name, ...(query === "" ? [] : [query.replace("t=", "")])].join(" "));
    if (!this.#containers.has(name)) return void response.writeHead(404).end("no such container");
    if (verb === "exec") {
      this.onExec(name);
      return void response.writeHead(201).end('{"Id":"one"}');
    }
    this.set(name, { ...this.#containers.get(name), status: "running", health: "healthy" });
    this.say(name, "start");
    this.say(name, "health_status: healthy");
    response.writeHead(204).end();
  }

  async #answer(url: string, response: ServerResponse): Promise<void> {
    const [path = ""] = url.split("?");
    if (path === "/events") {
      this.#stream = response;
      return void response.writeHead(200).flushHeaders();
    }
    if (path === "/containers/json") {
      this.lists += 1;
      return void response.end(JSON.stringify([...this.#containers].map(listed)));
    }
    if (path === "/volumes") {
      const Volumes = [...this.volumes].map(([Name, Mountpoint]) => ({ Name, Mountpoint }));
      return void response.end(JSON.stringify({ Volumes, Warnings: null }));
    }
    if (path === "/exec/one/json") {
      return void response.end(JSON.stringify({ Running: false, ExitCode: this.exitCode }));
    }
    const id = path.split("/")[2];
    const snapshot = [...this.#containers].find(([name]) => idOf(name) === id)?.[1];
    await this.beforeInspecting();
    if (!snapshot) return void response.writeHead(404).end("{}");
    if (snapshot.hangs) return;
    response.end(JSON.stringify(inspection(snapshot)));
  }
}

function listed([name, { status, health, exitCode, image, spec }]: [string, ImitatedContainer]) {
  const words = ENDED.includes(status) ? `Exited (${exitCode ?? 0}) 2 hours ago` : "Up 3 minutes";
  return {
    Id: idOf(name),
    Names: [`/other/${name}`, `/${name}`],
    Image: image ?? name,
    State: status,
    Status: health === undefined ? words : `${words} (${health})`,
    Labels: { "homelab.spec": spec ?? "none", SECRET_LABEL: "hunter2" },
  };
}

function inspection({ status, health, exitCode, image }: ImitatedContainer) {
  return {
    RestartCount: 2,
    Config: { Image: image ?? "test", Env: ["PASSWORD=hunter2"] },
    State: {
      Status: status,
      ...(health === undefined ? {} : { Health: { Status: health } }),
      StartedAt: status === "created" ? "0001-01-01T00:00:00Z" : STARTED,
      ExitCode: exitCode ?? 0,
      OOMKilled: false,
    },
  };
}
