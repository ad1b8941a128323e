// What imitated hosts say.
import type { Happening, Look, LookedContainer } from "../../../control-plane/contract/events.ts";
import type { LogLine, Note } from "../../../control-plane/contract/log-line.ts";

/** Id of a container, made of a digit. */
export const id = (digit: string): string => digit.repeat(64);

/** Id of a stream, made of a digit. */
export const stream = (digit: string): string => digit.repeat(32);

/** A container that a look finds. */
export function container(name: string, change: Partial<LookedContainer> = {}): LookedContainer {
  return {
    name,
    id: id("a"),
    state: "healthy",
    image: `docker.io/library/${name}:1`,
    digest: `sha256:${"b".repeat(64)}`,
    spec: "c".repeat(16),
    startedAt: "2026-11-26T09:00:00.000Z",
    exitCode: null,
    outOfMemory: false,
    restarts: 0,
    ...change,
  };
}

/** A look that finds these, all of them planned. */
export function look(containers: readonly LookedContainer[], change: Partial<Look> = {}): Look {
  return {
    kind: "look",
    engine: { answers: true, containers: [...containers] },
    plan: { digest: "d".repeat(16), commit: null, services: containers.map(({ name }) => name) },
    gates: [],
    held: [],
    backups: [],
    maintenance: null,
    hold: null,
    deploying: false,
    ...change,
  };
}

/** What an engine says of a container. */
export function engine(
  name: string,
  action: Extract<Happening, { kind: "engine" }>["action"],
  change: Partial<Extract<Happening, { kind: "engine" }>> = {},
): Happening {
  return {
    kind: "engine",
    container: name,
    id: id("a"),
    image: `docker.io/library/${name}:1`,
    action,
    timeNano: "1",
    ...change,
  };
}

/** The first thing that a host says. */
export const hello: Happening = { kind: "hello", build: "test", boot: "boot", aliveSeconds: 10 };

/** When a line of a test was received: a second after the one before. */
export function timeOf(sequence: number): string {
  return new Date(Date.UTC(2026, 10, 26, 10) + sequence * 1000).toISOString();
}

/** Lines of a log, numbered as they come. */
export class Lines {
  readonly all: LogLine[] = [];
  #numbers = new Map<string, number>();

  /** The Observer says something. */
  note(note: Note): this {
    this.all.push({ ...this.#next(), from: "observer", note });
    return this;
  }

  /** A host says something in a stream, with the number that comes next unless one is given. */
  say(host: string, happening: Happening, from = stream("1"), number?: number): this {
    const next = number ?? (this.#numbers.get(`${host} ${from}`) ?? 0) + 1;
    this.#numbers.set(`${host} ${from}`, next);
    const base = this.#next();
    this.all.push({
      ...base,
      from: "host",
      host,
      stream: from,
      number: next,
      time: base.at,
      happening,
    });
    return this;
  }

  #next(): { version: 1; sequence: number; at: string } {
    const sequence = this.all.length + 1;
    return { version: 1, sequence, at: timeOf(sequence) };
  }
}
