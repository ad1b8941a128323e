// An imitation of Hetzner's Cloud API on the loopback. It keeps its state in memory, checks every
// request by the reference (hetzner-requests.ts), and costs nothing. What it cannot show is what a
// real server does with its cloud-init.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  actionAnswer,
  firewallAnswer,
  IMAGE,
  LOCATION,
  ruleAnswer,
  SERVER_TYPE,
  serverAnswer,
  sshKeyAnswer,
  type Firewall,
  type Server,
  type SshKey,
} from "./hetzner-answers.ts";
import { BODIES, PARAMETERS, type Body, type Written } from "./hetzner-requests.ts";

/** A refusal with the code that the reference gives it. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: readonly { name: string; messages: string[] }[] = [],
  ) {
    super(message);
  }
}

/** One request that changes something. */
export interface Change {
  /** Method and path, e.g. "POST /servers". */
  readonly request: string;
  readonly body: unknown;
}

/** The project at Hetzner, and the server that answers for it. */
export class HetznerImitation {
  readonly sshKeys = new Map<number, SshKey>();
  readonly firewalls = new Map<number, Firewall>();
  readonly servers = new Map<number, Server>();
  /** The only token that opens it. */
  token: string;
  /** Requests that changed something, or were refused to, in their order. */
  readonly changes: Change[] = [];
  /** Requests that do not follow the reference. Must stay empty. */
  readonly mistakes: string[] = [];
  readonly #actions = new Map<number, string>();
  readonly #ipv4: string;
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  #lastId = 100;

  /**
   * @param token the only one that opens it, until another is set
   * @param ipv4 address of the server that it "rents out"
   */
  constructor(token: string, ipv4: string) {
    this.token = token;
    this.#ipv4 = ipv4;
  }

  /** Listens on a free port of the loopback and answers the address of the API. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** The one server, firewall or the like that there should be. */
  only<T>(kind: ReadonlyMap<number, T>): T {
    const [one, ...others] = kind.values();
    if (one === undefined || others.length > 0) throw new Error(`there are ${kind.size}, not one`);
    return one;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let status = 200;
    let body: unknown;
    try {
      body = this.#handle(request, Buffer.concat(chunks).toString());
      if (request.method === "POST") status = 201;
    } catch (error) {
      if (!(error instanceof Refusal)) this.mistakes.push(String(error));
      const refusal = error instanceof Refusal ? error : new Refusal(500, "server_error", "broken");
      status = refusal.status;
      const { code, message, fields } = refusal;
      const details = fields.length > 0 ? { fields } : undefined;
      body = { error: { code, message, details } };
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  }

  #handle(request: IncomingMessage, text: string): unknown {
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      throw new Refusal(401, "unauthorized", "unable to authenticate");
    }
    const url = new URL(request.url ?? "/", "http://imitation");
    const path = url.pathname.replace(/^\/v1/, "");
    const number = Number(/\/(\d+)/.exec(path)?.[1] ?? 0);
    const shape = path.replace(/\/\d+/, "/{id}");
    const { method = "GET" } = request;
    if (method === "GET") return this.#read(shape, number, url);
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    this.changes.push({ request: `${method} ${path}`, body });
    if (method === "DELETE") return this.#remove(shape, number);
    return this.#write(`${method} ${shape}`, number, body);
  }

  #read(shape: string, id: number, url: URL): unknown {
    const parameters = Object.fromEntries(url.searchParams);
    const schema = PARAMETERS[shape];
    const known = schema ? schema.safeParse(parameters).success : url.search === "";
    if (!known) this.#mistake(`GET ${shape}`, [{ name: url.search, messages: ["is not known"] }]);
    const named = <T extends { name: string }>(one: T) =>
      parameters["name"] === undefined || parameters["name"] === one.name ? [one] : [];
    switch (shape) {
      case "/server_types":
        return { server_types: named(SERVER_TYPE), meta: meta(1) };
      case "/images":
        return { images: named(IMAGE), meta: meta(1) };
      case "/actions": {
        const ids = url.searchParams.getAll("id").map(Number);
        // Asked about for the first time, an action has ended.
        const actions = ids.map((one) =>
          actionAnswer(one, this.#actions.get(one) ?? "", "success"),
        );
        return { actions, meta: meta(actions.length) };
      }
      case "/ssh_keys/{id}":
        return { ssh_key: sshKeyAnswer(found(this.sshKeys, id)) };
      case "/firewalls/{id}":
        return { firewall: firewallAnswer(found(this.firewalls, id), this.servers.values()) };
      case "/servers/{id}":
        return { server: serverAnswer(found(this.servers, id)) };
      default:
        return this.#mistake(`GET ${shape}`, []);
    }
  }

  #write(key: string, id: number, body: unknown): unknown {
    switch (key) {
      case "POST /ssh_keys":
        return this.#createKey(this.#checked(key, body));
      case "POST /firewalls":
        return this.#createFirewall(this.#checked(key, body));
      case "POST /firewalls/{id}/actions/set_rules": {
        found(this.firewalls, id).rules = this.#checked(key, body).rules.map(ruleAnswer);
        return { actions: [this.#action("set_firewall_rules")] };
      }
      case "POST /servers":
        return this.#createServer(this.#checked(key, body));
      case "POST /servers/{id}/actions/change_protection":
        Object.assign(found(this.servers, id).protection, this.#checked(key, body));
        return { action: this.#action("change_protection") };
      case "POST /servers/{id}/actions/change_dns_ptr": {
        const { ip, dns_ptr } = this.#checked(key, body);
        const { names, ipv4, ipv6 } = found(this.servers, id);
        if (ip !== ipv4 && !ip.startsWith(ipv6.replace("/64", ""))) {
          throw new Refusal(404, "ip_not_available", `${ip} is not an address of the server`);
        }
        if (dns_ptr === null) names.delete(ip);
        else names.set(ip, dns_ptr);
        return { action: this.#action("change_dns_ptr") };
      }
      default:
        return this.#mistake(key, []);
    }
  }

  #createKey(body: Body<"POST /ssh_keys">): unknown {
    this.#refuseSame(this.sshKeys, body.name);
    const { name, public_key, labels = {} } = body;
    const key = { id: this.#nextId(), name, public_key, labels };
    this.sshKeys.set(key.id, key);
    return { ssh_key: sshKeyAnswer(key) };
  }

  #createFirewall(body: Body<"POST /firewalls">): unknown {
    this.#refuseSame(this.firewalls, body.name);
    const { name, labels = {}, rules = [] } = body;
    const firewall = { id: this.#nextId(), name, labels, rules: rules.map(ruleAnswer) };
    this.firewalls.set(firewall.id, firewall);
    return { firewall: firewallAnswer(firewall, []), actions: [] };
  }

  #createServer(request: Body<"POST /servers">): unknown {
    for (const one of request.firewalls ?? []) found(this.firewalls, one.firewall);
    for (const key of request.ssh_keys ?? []) found(this.sshKeys, Number(key));
    const known: [string, unknown, readonly unknown[]][] = [
      ["server_type", request.server_type, [SERVER_TYPE.id, SERVER_TYPE.name]],
      ["image", request.image, [IMAGE.id, IMAGE.name]],
      ["location", request.location ?? LOCATION.name, [LOCATION.name]],
    ];
    for (const [name, given, possible] of known) {
      if (!possible.includes(given)) {
        throw new Refusal(422, "invalid_input", `invalid input in field '${name}'`);
      }
    }
    const server: Server = {
      id: this.#nextId(),
      request,
      ipv4: this.#ipv4,
      ipv6: "2001:db8:0:1::/64",
      protection: { delete: false, rebuild: false },
      names: new Map(),
    };
    this.servers.set(server.id, server);
    return {
      server: serverAnswer(server),
      action: this.#action("create_server"),
      next_actions: [this.#action("start_server")],
      root_password: null,
    };
  }

  #remove(shape: string, id: number): unknown {
    switch (shape) {
      case "/servers/{id}":
        if (found(this.servers, id).protection.delete) {
          throw new Refusal(423, "protected", "server deletion is protected");
        }
        this.servers.delete(id);
        return { action: this.#action("delete_server") };
      case "/firewalls/{id}":
        if (firewallAnswer(found(this.firewalls, id), this.servers.values()).applied_to.length > 0)
          throw new Refusal(422, "resource_in_use", "firewall is still in use");
        this.firewalls.delete(id);
        return {};
      case "/ssh_keys/{id}":
        this.sshKeys.delete(id);
        return {};
      default:
        return this.#mistake(`DELETE ${shape}`, []);
    }
  }

  #checked<Key extends Written>(key: Key, body: unknown): Body<Key> {
    const result = BODIES[key].safeParse(body);
    if (result.success) return result.data as Body<Key>;
    const fields = result.error.issues.map((issue) => ({
      name: issue.path.join("."),
      messages: [issue.message],
    }));
    return this.#mistake(key, fields);
  }

  #mistake(key: string, fields: readonly { name: string; messages: string[] }[]): never {
    const list = fields.map(({ name, messages }) => `${name}: ${messages.join(", ")}`);
    this.mistakes.push(`${key} is not in the reference like this: ${list.join("; ")}`);
    throw new Refusal(422, "invalid_input", `invalid input in ${key}`, fields);
  }

  #refuseSame(kind: ReadonlyMap<number, { readonly name: string }>, name: string): void {
    if ([...kind.values()].some((one) => one.name === name)) {
      throw new Refusal(409, "uniqueness_error", `the name "${name}" is already used`);
    }
  }

  #action(command: string): unknown {
    const id = this.#nextId();
    this.#actions.set(id, command);
    return actionAnswer(id, command, "running");
  }

  #nextId(): number {
    return ++this.#lastId;
  }
}

function found<T>(kind: ReadonlyMap<number, T>, id: number): T {
  const one = kind.get(id);
  if (one === undefined) throw new Refusal(404, "not_found", `resource ${id} does not exist`);
  return one;
}

function meta(count: number) {
  return {
    pagination: {
      page: 1,
      per_page: 50,
      previous_page: null,
      next_page: null,
      last_page: 1,
      total_entries: count,
    },
  };
}
