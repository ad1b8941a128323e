// What is asked of the engine to put a container back.
import { messageOf, type Engine } from "../engine.ts";
import type { Inspected } from "./inspected.ts";

/** The part of the engine's client that is needed. */
export type AskedEngine = Pick<Engine, "get" | "post" | "delete">;

/** An engine that takes longer for anything but stopping does not answer. */
const LIMIT_MS = 60_000;

/** The engine's own time to stop, where a container has none. */
const STOP_SECONDS = 10;

/** A refusal of the engine's, in one line. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** The containers of an engine, each asked for by its name or id. */
export class Containers {
  readonly #engine: AskedEngine;

  constructor(engine: AskedEngine) {
    this.#engine = engine;
  }

  /**
   * What the engine says of a container; undefined where there is none.
   * @throws Error when it does not answer, or refuses; so do the others
   */
  async inspect(container: string): Promise<Inspected | undefined> {
    const { status, text } = await this.#engine.get(`/containers/${container}/json`, LIMIT_MS);
    if (status === 404) return undefined;
    return JSON.parse(expected("inspect", container, { status, text }, [200])) as Inspected;
  }

  /** Makes a container, which does not run yet, and answers its id. */
  async create(name: string, request: object): Promise<string> {
    const answer = await this.#engine.post(`/containers/create?name=${name}`, LIMIT_MS, request);
    const { Id } = JSON.parse(expected("create", name, answer, [201])) as { readonly Id: string };
    return Id;
  }

  /** Starts a container, unless it runs. */
  async start(id: string): Promise<void> {
    const answer = await this.#engine.post(`/containers/${id}/start`, LIMIT_MS);
    expected("start", id, answer, [204, 304]);
  }

  /** Stops a container in the time that it was made with. */
  async stop({ Id, Config }: Inspected): Promise<void> {
    const limit = (Config.StopTimeout ?? STOP_SECONDS) * 1000 + LIMIT_MS;
    expected("stop", Id, await this.#engine.post(`/containers/${Id}/stop`, limit), [204, 304]);
  }

  /** Gives a container another name. */
  async rename(id: string, name: string): Promise<void> {
    const answer = await this.#engine.post(`/containers/${id}/rename?name=${name}`, LIMIT_MS);
    expected("rename", id, answer, [204]);
  }

  /** Removes a container, and none of its volumes; one that is gone is none. */
  async remove(id: string): Promise<void> {
    const answer = await this.#engine.delete(`/containers/${id}?force=1`, LIMIT_MS);
    expected("remove", id, answer, [204, 404]);
  }

  /** Whether the engine has an image of this name, or a network. */
  async has(kind: "images" | "networks", name: string): Promise<boolean> {
    // A name with slashes is a path of several parts here, as the engine's own client sends it.
    const path = kind === "images" ? `/images/${name}/json` : `/networks/${name}`;
    const { status, text } = await this.#engine.get(path, LIMIT_MS);
    if (status === 404) return false;
    expected("inspect", name, { status, text }, [200]);
    return true;
  }
}

function expected(
  verb: string,
  what: string,
  { status, text }: { readonly status: number; readonly text: string },
  good: readonly number[],
): string {
  if (good.includes(status)) return text;
  const said = messageOf(text).split("\n")[0] ?? "";
  throw new Refused(`docker ${verb} ${what.slice(0, 60)}: ${said || `status ${status}`}`);
}
