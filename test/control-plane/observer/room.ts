// An Observer in a folder of its own.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Batch, Happening } from "../../../control-plane/contract/events.ts";
import { DISK, type Disk } from "../../../control-plane/observer/disk.ts";
import { Observer, type ObserverSettings } from "../../../control-plane/observer/observer.ts";
import { placesBelow } from "../../../control-plane/observer/places.ts";
import { stream } from "./said.ts";

/** A new folder in place of /opt/homelab. */
export function newRoot(): string {
  return mkdtempSync(join(tmpdir(), "observer-"));
}

/** An Observer of two hosts. */
export async function observe(
  root: string,
  change: Partial<ObserverSettings> = {},
  disk: Disk = DISK,
): Promise<Observer> {
  const observer = await Observer.open(disk, {
    build: "test",
    places: placesBelow(root),
    silentAfterSeconds: { nas: 60, vps: 60 },
    keep: { days: 30, bytes: 1024 ** 3 },
    ...change,
  });
  open.push(observer);
  return observer;
}

const open: Observer[] = [];
afterEach(() => Promise.all(open.splice(0).map((each) => each.close().catch(() => undefined))));

/** A batch of what a host says, with numbers that begin at one. */
export function batch(
  host: string,
  first: number,
  happenings: readonly unknown[],
  from = stream("1"),
): Batch {
  const time = "2026-11-26T10:00:00.000Z";
  const events = happenings.map((happening, at) => ({ number: first + at, time, happening }));
  return { version: 1, host, stream: from, events };
}

/** So many times nothing. */
export function alive(times: number): Happening[] {
  return Array.from({ length: times }, () => ({ kind: "alive" }));
}

/** The files of the world, by name. */
export function worldOnDisk(root: string): Record<string, string> {
  const folder = join(root, "world");
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const),
  );
}

/** The files of the log, in the order of their names. */
export function logFiles(root: string): string[] {
  const events = join(root, "events");
  return readdirSync(events, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .sort((a, b) => (a.slice(-18) < b.slice(-18) ? -1 : 1))
    .map((name) => join(events, name));
}

/** The JSON in the lines of the log that can be read. */
export function linesOnDisk(root: string): Record<string, unknown>[] {
  return logFiles(root)
    .flatMap((path) => readFileSync(path, "utf8").split("\n").slice(0, -1))
    .flatMap((text) => {
      try {
        return [JSON.parse(text) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
}
