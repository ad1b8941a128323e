import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the checkout. */
export const CHECKOUT = join(import.meta.dirname, "../..");

/** A room of the house, and what it may import. */
export interface Room {
  /** Folder, or file, of the checkout; "components/<domain>" is each domain. */
  readonly room: string;
  readonly imports: readonly string[];
  readonly why: string;
}

/** rooms.json, which the import rules, CI and these tests read. */
export const { rooms, exceptions } = JSON.parse(
  readFileSync(join(CHECKOUT, "rooms.json"), "utf8"),
) as {
  readonly rooms: readonly Room[];
  /** By room: what it imports although it should not. */
  readonly exceptions: Readonly<Record<string, readonly string[]>>;
};

/** The rooms that stand in the checkout itself. */
export const TOP_ROOMS = rooms.map(({ room }) => room).filter((room) => !room.includes("/"));
