import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { CHECKOUT, exceptions, rooms, TOP_ROOMS } from "./support/rooms.ts";

const files = execaSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: CHECKOUT,
})
  .stdout.split("\n")
  .filter((file) => existsSync(join(CHECKOUT, file)));
const sources = files.filter((file) => file.endsWith(".ts"));

/** By room, the names in the last column of the table in docs/architecture.md. */
function documented(): Record<string, string[]> {
  const page = readFileSync(join(CHECKOUT, "docs/architecture.md"), "utf8");
  const rows = page.matchAll(/^\| `([^`]+?)\/?`[^|]*\|[^|]*\|([^|]*)\|$/gm);
  return Object.fromEntries(
    [...rows].map(([, room = "", cell = ""]) => [
      room,
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    ]),
  );
}

describe("the list of rooms", () => {
  it("has every top folder in which there is TypeScript, but for the tests", () => {
    const tops = new Set(
      sources.flatMap((file) => (file.includes("/") ? [file.split("/")[0] ?? ""] : [])),
    );
    tops.delete("test");
    expect(TOP_ROOMS.filter((room) => !room.includes(".")).sort()).toEqual([...tops].sort());
  });

  it("names no room that is not there", () => {
    const names = rooms.flatMap(({ room, imports }) => [room, ...imports]);
    const all = [...names, ...Object.entries(exceptions).flat(2)];
    const absent = all.filter((name) => !name.includes("<") && !existsSync(join(CHECKOUT, name)));
    expect(absent).toEqual([]);
  });

  it("lets a room import only rooms that stand before it, so that there is no circle of rooms", () => {
    const names = rooms.map(({ room }) => room);
    const upwards = rooms.flatMap(({ room, imports }, at) =>
      imports
        .filter((name) => names.includes(name) && names.indexOf(name) >= at)
        .map((name) => `${room} -> ${name}`),
    );
    expect(upwards).toEqual([]);
  });

  it("lets nobody import the tests", () => {
    expect(rooms.filter(({ imports }) => imports.includes("test"))).toEqual([]);
  });

  it("excepts no arrow that nothing needs any more", () => {
    const isUsed = (from: string, to: string): boolean =>
      sources
        .filter((file) => file.startsWith(`${from}/`))
        .some((file) =>
          readFileSync(join(CHECKOUT, file), "utf8").includes(
            `from "../${to.replace("components/", "")}/`,
          ),
        );
    const needless = Object.entries(exceptions).flatMap(([from, all]) =>
      all.filter((to) => !isUsed(from, to)).map((to) => `${from} -> ${to}`),
    );
    expect(needless).toEqual([]);
  });

  it("is what the README of each top room says of it", () => {
    for (const { room, imports } of rooms) {
      if (!TOP_ROOMS.includes(room) || room.includes(".")) continue;
      const page = readFileSync(join(CHECKOUT, room, "README.md"), "utf8");
      const [, said = ""] = /\bMay import: ((?:(?:, )?`[^`]+`)+)/.exec(page) ?? [];
      const named = [...said.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
      expect(named.sort(), room).toEqual([...imports].sort());
    }
  });

  it("is what docs/architecture.md says of each room", () => {
    const table = documented();
    for (const { room, imports } of rooms) {
      expect([...(table[room] ?? [])].sort(), room).toEqual([...imports].sort());
    }
  });
});

describe("a source file", () => {
  it("has 300 lines at most, tests included, so that it holds one idea", () => {
    const long = files
      .filter((file) => /\.(?:tsx?|mjs|js|css|html|sh|go)$/.test(file))
      .map((file) => ({
        file,
        lines: readFileSync(join(CHECKOUT, file), "utf8").trimEnd().split("\n").length,
      }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });
});
