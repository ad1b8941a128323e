// An engine of a few containers, which answers as the real one does as far as it is asked to put one
// back. It can refuse, and the program that asks can be killed at any of its calls.
import type { AskedEngine } from "../../../../programs/boot/fallback/containers.ts";
import type { Inspected } from "../../../../programs/boot/fallback/inspected.ts";

/** Stands for a program that was killed: nothing after it happens. */
export class Killed extends Error {}

/** A container of the engine. */
export interface Imitated {
  readonly id: string;
  name: string;
  status: string;
  health: string;
  restarts: number;
  readonly image: string;
  readonly service: string;
}

type Answer = { status: number; text: string };

/** The engine. */
export class ImitatedContainers implements AskedEngine {
  readonly all: Imitated[] = [];
  /** What was changed, in order. */
  readonly changes: string[] = [];
  /** Images and networks that it has not. */
  readonly missing = new Set<string>();
  /** Words at the begin of a change that is refused. */
  refuses: string | undefined;
  /** The call that changes something at which who asks is killed, and whether it is done all the same. */
  kill: { readonly at: number; readonly done: boolean } | undefined;
  /** Health of what is started. */
  healthOfStarted = "healthy";
  #made = 0;

  /** Adds a container of a service under its name. */
  add(service: string, more: Partial<Imitated> = {}): Imitated {
    const id = `${service}-${(this.#made += 1)}`.padEnd(64, "0");
    const one: Imitated = {
      ...{ id, name: service, status: "running", health: "healthy", restarts: 0 },
      ...{ image: "example.org/one:1", service, ...more },
    };
    this.all.push(one);
    return one;
  }

  /** What has a name now. */
  named(name: string): Imitated | undefined {
    return this.all.find((one) => one.name === name);
  }

  get(path: string): Promise<Answer> {
    const [, kind = "", ...rest] = path.split("/");
    if (kind !== "containers") {
      const name = (kind === "images" ? rest.slice(0, -1) : rest).join("/");
      return this.#answer(this.missing.has(name) ? 404 : 200, {});
    }
    const one = this.#find(rest[0] ?? "");
    return one ? this.#answer(200, inspectionOf(one)) : this.#answer(404, {});
  }

  post(path: string, _limitMs: number, body?: object): Promise<Answer> {
    const { pathname, searchParams } = new URL(path, "http://docker");
    const [, , name = "", verb = name] = pathname.split("/");
    const to = searchParams.get("name") ?? "";
    return this.#change(name === "create" ? `create ${to}` : `${verb} ${name}`, () => {
      if (name === "create") {
        if (this.named(to)) return this.#answer(409, { message: "the name is in use" });
        const { Image, Labels } = body as Inspected["Config"];
        const service = Labels?.["homelab.service"] ?? "";
        const made = this.add(service, { name: to, status: "created", image: Image });
        return this.#answer(201, { Id: made.id });
      }
      const one = this.#find(name);
      if (!one) return this.#answer(404, { message: "No such container" });
      if (verb === "rename") {
        if (this.named(to)) return this.#answer(409, { message: "the name is in use" });
        one.name = to;
      }
      if (verb === "stop") one.status = "exited";
      if (verb === "start") {
        // Ports and addresses are one container's at a time.
        const others = this.all.filter((other) => other.service === one.service && other !== one);
        if (others.some(({ status }) => status === "running")) {
          return this.#answer(500, { message: "port is already allocated" });
        }
        one.status = "running";
        one.health = this.healthOfStarted;
      }
      return this.#answer(204, {});
    });
  }

  delete(path: string): Promise<Answer> {
    const [, , id = ""] = new URL(path, "http://docker").pathname.split("/");
    return this.#change(`delete ${id}`, () => {
      const at = this.all.findIndex((one) => one.id === id);
      if (at < 0) return this.#answer(404, { message: "No such container" });
      this.all.splice(at, 1);
      return this.#answer(204, {});
    });
  }

  #change(what: string, work: () => Promise<Answer>): Promise<Answer> {
    this.changes.push(what);
    const isKilled = this.kill?.at === this.changes.length;
    if (isKilled && !this.kill?.done) return Promise.reject(new Killed(what));
    if (this.refuses !== undefined && what.startsWith(this.refuses)) {
      return this.#answer(500, { message: "no room" });
    }
    const answer = work();
    return isKilled ? answer.then(() => Promise.reject(new Killed(what))) : answer;
  }

  #find(name: string): Imitated | undefined {
    return this.all.find((one) => one.id === name) ?? this.named(name);
  }

  #answer(status: number, body: object): Promise<Answer> {
    return Promise.resolve({ status, text: JSON.stringify(body) });
  }
}

/** What the engine says of a container. */
export function inspectionOf(one: Imitated): Inspected {
  return {
    Id: one.id,
    Name: `/${one.name}`,
    RestartCount: one.restarts,
    State: { Status: one.status, Health: { Status: one.health } },
    Config: {
      Image: one.image,
      Hostname: one.id.slice(0, 12),
      StopTimeout: 10,
      Labels: { "homelab.service": one.service },
    },
    HostConfig: { NetworkMode: "bridge" },
    NetworkSettings: { Networks: { "one-net": { Aliases: [one.id.slice(0, 12)] } } },
  };
}
