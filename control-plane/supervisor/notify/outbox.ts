// What is to be told, as files: outbox/<target>/<time>-<id>.json until the target took it. What
// nobody took in time, or would ever take, lies in outbox/dead/ with the reason.
import { join } from "node:path";
import { readAs } from "../../contract/read-as.ts";
import type { Disk } from "../../disk/disk.ts";
import { messageSchema, type Message } from "./message.ts";

/** More than this one target does not keep anybody waiting for; the oldest are given up. */
const MOST_WAITING = 500;
const MOST_DEAD = 100;
const MS_DIGITS = 15;

/** Folder of everything that is to be told. */
export function outboxFolder(root: string): string {
  return join(root, "outbox");
}

/** A message that waits. */
export interface Waiting {
  /** Of its file. */
  readonly name: string;
  readonly message: Message;
}

/** The messages for one target. */
export class Outbox {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #dead: string;
  readonly #target: string;

  /** @param root folder of the runtime state, e.g. "/opt/homelab" */
  constructor(disk: Disk, root: string, target: string) {
    this.#disk = disk;
    this.#target = target;
    this.#folder = join(outboxFolder(root), target);
    this.#dead = join(outboxFolder(root), "dead");
  }

  /** Keeps a message until it is taken; one that waits already waits once. */
  put(message: Message): void {
    const waiting = this.#disk.list(this.#folder);
    if (waiting.some((name) => name.endsWith(`-${message.id}.json`))) return;
    for (const name of waiting.slice(0, Math.max(0, waiting.length + 1 - MOST_WAITING))) {
      this.giveUp(name, "newer messages needed its place");
    }
    const order = String(Date.parse(message.at)).padStart(MS_DIGITS, "0");
    const path = join(this.#folder, `${order}-${message.id}.json`);
    this.#disk.create(path, `${JSON.stringify(message)}\n`);
  }

  /** The oldest message that waits. */
  next(): Waiting | undefined {
    for (const name of this.#disk.list(this.#folder)) {
      const message = readAs(messageSchema, this.#disk.read(join(this.#folder, name)) ?? "");
      if (message) return { name, message };
      this.giveUp(name, "it cannot be read");
    }
    return undefined;
  }

  /** It was taken. */
  taken(name: string): void {
    this.#disk.remove(join(this.#folder, name));
  }

  /** It is not tried again. */
  giveUp(name: string, why: string): void {
    const message = this.#disk.read(join(this.#folder, name)) ?? "";
    const dead = { target: this.#target, why, message };
    this.#disk.write(join(this.#dead, `${this.#target}-${name}`), `${JSON.stringify(dead)}\n`);
    this.taken(name);
    // A name begins with its target, so those of one target are in their order.
    const mine = this.#disk.list(this.#dead).filter((one) => one.startsWith(`${this.#target}-`));
    for (const old of mine.slice(0, Math.max(0, mine.length - MOST_DEAD))) {
      this.#disk.remove(join(this.#dead, old));
    }
  }
}
