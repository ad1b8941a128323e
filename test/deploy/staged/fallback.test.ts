import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  armedOf,
  confirm,
  keepScript,
  keepWaysIn,
  standDown,
  type Guarded,
} from "../../../deploy/staged/fallback.ts";
import type { HostShell } from "../../../deploy/staged/host-files.ts";
import { BOOT_PROGRAM } from "../../../model/boot.ts";
import { HostError } from "../../../model/errors.ts";
import { armedSchema, noteLine, type Kept } from "../../../model/fallback.ts";
import { ARMED, FALLBACK, putBackRecord, ROOT } from "../../../model/paths.ts";
import { hostNamed, IMAGE_CONTRACTS } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";

const HOST = hostNamed("vps");
const WAYS = HOST.services.filter(({ wayIn }) => wayIn);
const RUN = "6c0f2f8e-run";

let room: ScriptRoom;
let notes: string[];
let isCutOff: boolean;

beforeEach(() => {
  room = new ScriptRoom();
  notes = [];
  isCutOff = false;
  room.program("systemctl");
  program(WAYS.map(({ name, image }) => ({ name, image: `${image}@sha256:1`, since: [] })));
});

/** The host's program, which answers so. */
function program(kept: Kept): void {
  room.file(BOOT_PROGRAM, `console.log(${JSON.stringify(JSON.stringify(kept))})`);
}

function run(): Guarded {
  const shell: HostShell = async (script) => {
    const { exitCode = -1, stdout, stderr } = await Promise.resolve(room.run(script, [ROOT]));
    return { exitCode, greeting: "", stdout, stderr };
  };
  const anew: HostShell = (script) =>
    isCutOff ? Promise.reject(new HostError("HL-UNREACHABLE", "vps", "no route")) : shell(script);
  const journal = { note: ({ message = "" }: { message?: string }) => void notes.push(message) };
  const facts = { id: RUN };
  const known = {
    host: "vps",
    guardWaysIn: true,
    services: HOST.services,
    fleet: [{ declaration: HOST }],
  };
  return { ...known, facts, shell, anew, journal } as unknown as Guarded;
}

function armed() {
  return armedSchema.parse(JSON.parse(readFileSync(room.path(ARMED), "utf8")));
}

describe("what a host is reached by", () => {
  it.each([
    ["vps", ["adguard", "caddy", "derp", "headscale", "pihole", "unbound"]],
    ["docker-vm", ["caddy", "pihole"]],
    ["nas", []],
  ] as const)("is the mesh, the names and the proxy: of %s %j", (host, ways) => {
    const { services } = hostNamed(host);
    const found = services.filter(({ wayIn }) => wayIn).map(({ name }) => name);
    expect(found.sort()).toEqual(ways);
  });
});

describe("a deployment for which nobody asked for it", () => {
  const unasked = (): Guarded => ({ ...run(), guardWaysIn: false });

  it("keeps and confirms nothing, makes no connection more, and says nothing", async () => {
    const nobody = () => Promise.reject(new Error("the host was asked anew"));
    const asking = { ...unasked(), anew: nobody };
    await keepWaysIn(asking);
    await confirm(asking);
    await standDown(asking, "verify");
    expect(notes).toEqual([]);
    expect(existsSync(room.path(FALLBACK))).toBe(false);
  });

  it.each([
    ["it is rolled out", keepWaysIn],
    ["it is confirmed, where a run is resumed after that", confirm],
  ])("has the host keep nothing of an earlier one any more when %s", async (_, step) => {
    await keepWaysIn(run());
    room.file(`${FALLBACK}/headscale/container.json`, "{}");
    await step(unasked());
    expect(existsSync(room.path(FALLBACK))).toBe(false);
  });

  it("does so also where it is about other services alone", async () => {
    room.file(ARMED, "{}");
    await keepWaysIn({ ...unasked(), services: HOST.services.filter(({ wayIn }) => !wayIn) });
    expect(existsSync(room.path(FALLBACK))).toBe(false);
  });

  it("leaves to the host what it is putting back just now, and says so", async () => {
    room.file(`${FALLBACK}/acting.json`, "{}");
    await keepWaysIn(unasked());
    expect(existsSync(room.path(`${FALLBACK}/acting.json`))).toBe(true);
    expect(notes).toEqual(["it is putting a container back just now"]);
  });
});

describe("before a deployment touches anything", () => {
  it("the host keeps it, and is told for which run, and whether each may go back", async () => {
    await keepWaysIn(run());
    expect(armed()).toMatchObject({ run: RUN, quietSeconds: 900 });
    expect(armed().services.map(({ name, refused }) => [name, refused])).toEqual(
      WAYS.map(({ name }) => [name, null]),
    );
    expect(notes.join("\n")).toContain("put back by the host itself");
  });

  it("a host goes on without that has no such program yet, or none that runs", async () => {
    room.file(BOOT_PROGRAM, "process.exit(2)");
    await keepWaysIn(run());
    room.program("systemctl", "exit 3");
    await keepWaysIn(run());
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain("does not put back by itself yet");
    expect(existsSync(room.path(ARMED))).toBe(false);
  });

  it("it ends with an error where nothing can be kept, as on a full disk", async () => {
    room.file(BOOT_PROGRAM, `console.error("ENOSPC: no space left on device"); process.exit(1)`);
    await expect(keepWaysIn(run())).rejects.toMatchObject({ code: "HL-DEPLOY-STATE" });
  });

  it("what was armed before is armed no longer where nothing is well enough to be kept", async () => {
    await keepWaysIn(run());
    program(WAYS.map(({ name }) => ({ name, image: null, since: [] })));
    await keepWaysIn(run());
    expect(existsSync(room.path(ARMED))).toBe(false);
  });

  it("asks with a script that a shell can read", () => {
    expect(isValidShell(keepScript("vps", ["a", "b"]))).toBe(true);
  });
});

describe("what was kept of a service with data", () => {
  const headscale = HOST.services.filter(({ name }) => name === "headscale");
  const image = headscale[0]?.image ?? "";
  const refusedOf = (kept: string, since: readonly string[] = []) =>
    armedOf(
      RUN,
      headscale,
      [{ name: "headscale", image: kept, since: [...since] }],
      IMAGE_CONTRACTS,
      new Date(),
    ).services[0]?.refused;
  const older = image.replace(/:[^:]*$/, ":0.27.0");

  it("may go back where the same version wrote it", () => {
    expect(refusedOf(`${image}@sha256:1`)).toBeNull();
  });

  it("may not where the newer version brings the data forward, or one between them did", () => {
    expect(refusedOf(`${older}@sha256:1`)).toContain("0.27.0 is not known to open");
    const between = image.replace(/:[^:]*$/, ":0.29.0@sha256:2");
    expect(refusedOf(`${image}@sha256:1`, [between])).toContain("may be that of 0.29.0");
  });
});

describe("after a deployment", () => {
  it("that is confirmed over a new connection nothing is kept", async () => {
    await keepWaysIn(run());
    await confirm(run());
    expect(existsSync(room.path(FALLBACK))).toBe(false);
  });

  it("that cannot be confirmed so the host stays armed, and it fails", async () => {
    await keepWaysIn(run());
    isCutOff = true;
    await expect(confirm(run())).rejects.toMatchObject({ code: "HL-UNREACHABLE" });
    await standDown(run(), "verify");
    expect(armed().run).toBe(RUN);
    expect(notes.at(-1)).toContain("after 15 minutes without word it puts back by itself");
  });

  it("that failed, and whose person reads of it, it does not act, and keeps what it has", async () => {
    await keepWaysIn(run());
    room.file(`${FALLBACK}/headscale/container.json`, "{}");
    await standDown(run(), "prepare");
    expect(existsSync(room.path(ARMED))).toBe(true);
    await standDown(run(), "deploy");
    expect(existsSync(room.path(ARMED))).toBe(false);
    expect(existsSync(room.path(`${FALLBACK}/headscale/container.json`))).toBe(true);
  });

  it("in which the host acted by itself it fails, and says what was done", async () => {
    await keepWaysIn(run());
    const note = { container: "abc", at: "2026-11-27T12:00:00Z", back: true };
    const path = putBackRecord("headscale");
    mkdirSync(dirname(room.path(path)), { recursive: true });
    room.file(path, noteLine({ ...note, words: `put back, for nobody came back to ${RUN}` }));
    room.file(putBackRecord("caddy"), noteLine({ ...note, words: "of another run" }));
    const failed = confirm(run());
    await expect(failed).rejects.toMatchObject({ code: "HL-DEPLOY-UNHEALTHY" });
    await expect(failed).rejects.toThrow(/headscale: put back/);
    await expect(failed).rejects.not.toThrow(/another run/);
  });
});
