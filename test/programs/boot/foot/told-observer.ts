// A real Observer behind its real door, and a host that tells it what it sees.
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Happening } from "../../../../control-plane/contract/events.ts";
import { makeDoor } from "../../../../control-plane/observer/door.ts";
import type { Observer } from "../../../../control-plane/observer/observer.ts";
import { worldOf } from "../../../../control-plane/fold/project.ts";
import type { HostPlan } from "../../../../model/host-plan.ts";
import { Foot, type FootSurroundings } from "../../../../programs/boot/foot/foot.ts";
import type { FootPace } from "../../../../programs/boot/foot/pace.ts";
import type { Line } from "../../../../programs/boot/line.ts";
import { linesOnDisk, newRoot, observe } from "../../../control-plane/observer/room.ts";

/** The token of host "nas". */
export const TOKEN = "n".repeat(43);

/** Times for tests: what takes minutes on a host takes no second here. */
export const QUICK: FootPace = {
  turnMs: 10,
  gatherMs: 5,
  aliveMs: 30,
  lookEveryMs: 60_000,
  lookPauses: { firstMs: 20, longestMs: 200 },
  answerMs: 30_000,
  awayPauses: { firstMs: 5, longestMs: 20 },
  refusedMs: 20,
  askMs: 5,
  enginePauses: { firstMs: 5, longestMs: 20 },
};

const toClose: (() => void)[] = [];
afterEach(() => toClose.splice(0).forEach((each) => each()));

/** An Observer that can go away, forget a token, and lose receipts. */
export class ToldObserver {
  readonly root: string;
  /** So many batches are taken without anybody hearing of it. */
  receiptsToLose = 0;
  /** Whether the token is known. */
  knows = true;
  /** How many batches came, taken or not. */
  batches = 0;
  readonly #observer: Observer;
  #door: Server | undefined;
  #port = 0;

  private constructor(root: string, observer: Observer) {
    this.root = root;
    this.#observer = observer;
  }

  static async open(): Promise<ToldObserver> {
    const root = newRoot();
    const told = new ToldObserver(root, await observe(root));
    await told.comes();
    toClose.push(() => told.goes());
    return told;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async comes(): Promise<void> {
    const sum = createHash("sha256").update(TOKEN).digest();
    const door = makeDoor({
      build: "test",
      tokens: () => new Map(this.knows ? [["nas", sum]] : []),
      take: async (batch) => {
        this.batches += 1;
        const receipt = await this.#observer.take(batch);
        if (this.receiptsToLose === 0) return receipt;
        this.receiptsToLose -= 1;
        throw new Error("the receipt was lost");
      },
      isWritable: () => true,
      denied: () => (this.batches += 1),
    });
    await new Promise<void>((resolve) => door.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (door.address() as AddressInfo).port;
    this.#door = door;
  }

  goes(): void {
    this.#door?.closeAllConnections();
    this.#door?.close();
  }

  /** What it knows of the host. */
  get world() {
    const facts = this.#observer.facts.hosts["nas"];
    if (!facts) throw new Error("the Observer knows no nas");
    return worldOf("nas", facts);
  }

  /** All numbers of a stream that came, one after another. */
  numbersOf(stream: string): number[] {
    return this.said.filter((line) => line.stream === stream).map(({ number }) => number);
  }

  /** What the host said, as far as it is on the disk. */
  get said(): { number: number; stream: string; happening: Happening }[] {
    return linesOnDisk(this.root).filter(({ from }) => from === "host") as never;
  }

  /** How often each kind was said. */
  count(kind: string): number {
    return this.said.filter(({ happening }) => happening.kind === kind).length;
  }

  /** How many duplicates came. */
  get duplicates(): number {
    return this.#observer.health({ denied: 0, withoutToken: [] }).taken.duplicates;
  }
}

/** A folder with settings that name an Observer, and what changes them. */
export function settingsFor(url: string, token = `${TOKEN}\n`) {
  const folder = mkdtempSync(join(tmpdir(), "foot-"));
  const path = join(folder, "observer.json");
  const tokenFile = join(folder, "observer-token");
  writeFileSync(tokenFile, token);
  const write = (text: string): void => writeFileSync(path, text);
  const good = JSON.stringify({ version: 1, host: "nas", url, tokenFile });
  write(good);
  return { path, tokenFile, good, write };
}

/** The foot of host "nas", which runs until the test ends. */
export function startFoot(
  around: Pick<FootSurroundings, "engine" | "settings"> & Partial<FootSurroundings>,
): { readonly foot: Foot; readonly lines: Line[] } {
  const lines: Line[] = [];
  const over = new AbortController();
  const foot = new Foot({
    host: "nas",
    build: "boot 1",
    boot: "0",
    plan: () => Promise.resolve(undefined),
    write: (line) => lines.push(line),
    marks: () => ({ maintenance: null, hold: null, deploying: false }),
    pace: QUICK,
    ...around,
  });
  void foot.run(over.signal);
  toClose.push(() => over.abort());
  return { foot, lines };
}

/** A host plan with these services. */
export function planWith(names: readonly string[]): HostPlan {
  return {
    version: 1,
    host: "nas",
    commit: "e".repeat(40),
    digest: "d".repeat(16),
    gates: [],
    services: names.map((name) => ({
      name,
      stack: "test",
      phase: 4,
      image: `test:1@${"sha256:"}${"b".repeat(64)}`,
      spec: "c".repeat(16),
      health: { test: ["CMD", "true"], deadlineSeconds: 60 },
      stopGraceSeconds: 10,
      critical: false,
      requires: [],
    })),
  };
}
