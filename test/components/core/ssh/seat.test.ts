import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CONTROL_PATHS } from "../../../../model/paths.ts";

let room: string;
/** Stands for a user id, which only names the folder of the seats. */
let user: string;
let callers: ChildProcess[] = [];

beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), "homelab-seats-"));
  user = `test-${randomUUID()}`;
  // Remembers by the path of the socket what is open, and every attempt to open one.
  program(
    "ssh",
    `path=; for word; do case $word in ControlPath=*) path=\${word##*.} ;; esac; done
case "$*" in
*"-O check"*) [ -e "${room}/open.$path" ] ;;
*) echo "$path" >>"${room}/tries"
  # A host that is away answers when as many wait for it as were told to.
  if [ -e "${room}/away" ]; then
    while [ "$(ls /tmp/homelab-${user}/nas.0.[1-9] | wc -l)" -lt "$(cat "${room}/away")" ]; do sleep 0.1; done
    exit 255
  fi
  [ -e "${room}/deaf" ] || : >"${room}/open.$path" ;;
esac`,
  );
});

afterEach(() => {
  for (const caller of callers) caller.kill();
  callers = [];
  rmSync(room, { recursive: true });
  rmSync(`/tmp/homelab-${user}`, { recursive: true, force: true });
});

function program(name: string, body: string): void {
  writeFileSync(join(room, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(room, name), 0o755);
}

/** Something that asks as ssh does, says which connection it was given, and stays. */
function sits(): Promise<string> {
  const asked = CONTROL_PATHS.map(
    (_, connection) =>
      `if [ -z "$mine" ] && sh components/core/ssh/seat.sh ${connection} ${user} nas; then mine=${connection}; fi`,
  );
  const script = `mine=\n${asked.join("\n")}\necho "\${mine:-none}"\nexec sleep 60`;
  const caller = spawn("sh", ["-c", script], {
    env: { ...process.env, PATH: `${room}:${process.env["PATH"] ?? ""}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  callers.push(caller);
  return new Promise((resolve) => {
    caller.stdout.once("data", (said: Buffer) => resolve(said.toString().trim()));
  });
}

const many = (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => sits()));

const tries = (): string[] => {
  const file = join(room, "tries");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

it("seats nine on a connection and the next on another, each opened once", async () => {
  const given = await many(20);
  const on = (connection: string) => given.filter((one) => one === connection).length;
  expect([on("0"), on("1"), on("2"), on("none")]).toEqual([9, 9, 2, 0]);
  expect(tries().sort()).toEqual(["0", "1", "2"]);
}, 60_000);

it("gives the seat of one that has ended to the next", async () => {
  await many(9);
  callers[4]?.kill("SIGKILL");
  await new Promise((resolve) => callers[4]?.once("exit", resolve));
  expect(await sits()).toBe("0");
  expect(await sits()).toBe("1");
}, 60_000);

it("seats nobody where the host cannot be reached, and only one finds that out", async () => {
  writeFileSync(join(room, "away"), "4");
  expect(await many(4)).toEqual(["none", "none", "none", "none"]);
  expect(tries()).toEqual(["0"]);
}, 60_000);

it("opens a connection again that was lost", async () => {
  await sits();
  rmSync(join(room, "open.0"));
  expect(await sits()).toBe("0");
  expect(tries()).toEqual(["0", "0"]);
}, 60_000);

it("clears away the socket of a connection that was killed, as it opens it again", () => {
  const config = join(room, "config");
  writeFileSync(config, "Host nas\n  ProxyCommand false\n");
  const folder = `/tmp/homelab-${user}`;
  mkdirSync(folder, { mode: 0o700 });
  const told = ["-F", config, "-o", `ControlPath=${folder}/%C.0`, "-G", "nas"];
  const said = execFileSync("ssh", told, { encoding: "utf8" });
  const socket = /^controlpath (.*)$/m.exec(said)?.[1] ?? "";
  const killed = `require("net").createServer().listen("${socket}", () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", killed]);
  expect(existsSync(socket)).toBe(true);
  // The real ssh, which then finds that it cannot connect.
  spawnSync("sh", ["components/core/ssh/seat.sh", "0", user, "nas", config, "mine"]);
  expect(existsSync(socket)).toBe(false);
}, 60_000);

it("seats nobody on a connection that nobody can share", async () => {
  writeFileSync(join(room, "deaf"), "");
  expect(await sits()).toBe("none");
}, 60_000);

it("takes away a lock that was left behind long ago, whoever has its number today", async () => {
  program("sleep", "");
  const folder = `/tmp/homelab-${user}`;
  mkdirSync(folder, { mode: 0o700 });
  for (const holder of [`${process.pid}\n`, ""]) {
    const lock = join(folder, "nas.seats");
    writeFileSync(lock, holder);
    utimesSync(lock, 0, 0);
    expect(await sits()).toBe("0");
  }
}, 60_000);

it("gives away a seat whose holder's number another process has today, when all are taken", async () => {
  const folder = `/tmp/homelab-${user}`;
  mkdirSync(folder, { mode: 0o700 });
  const seats = CONTROL_PATHS.flatMap((_, connection) =>
    Array.from({ length: 9 }, (_, seat) => join(folder, `nas.${connection}.${seat + 1}`)),
  );
  for (const seat of seats) writeFileSync(seat, `${process.pid}\n`);
  const older = seats.filter((seat) => seat.endsWith("nas.3.7"));
  for (const seat of older) utimesSync(seat, 0, 0);
  expect(older).toHaveLength(1);
  expect(await sits()).toBe("3");
  expect(readFileSync(older[0] ?? "", "utf8")).toBe(`${callers[0]?.pid}\n`);
}, 60_000);

it("has one seat for an ssh that asks twice, as with `Match final`", () => {
  const ask = `sh components/core/ssh/seat.sh 0 ${user} nas`;
  const env = { ...process.env, PATH: `${room}:${process.env["PATH"] ?? ""}` };
  spawnSync("sh", ["-c", `${ask}; ${ask}; true`], { env });
  expect(readdirSync(`/tmp/homelab-${user}`).filter((name) => /\.\d$/.test(name))).toEqual([
    "nas.0.1",
  ]);
}, 60_000);

it("trusts no folder that it did not make itself", async () => {
  symlinkSync(room, `/tmp/homelab-${user}`);
  expect(await sits()).toBe("none");
  expect(tries()).toEqual([]);
  // Nor for the later questions, whatever was put there for them.
  const ask = `echo $$ >"${room}/nas.1.1"; sh components/core/ssh/seat.sh 1 ${user} nas; exit $?`;
  expect(spawnSync("sh", ["-c", ask]).status).toBe(1);
}, 60_000);
