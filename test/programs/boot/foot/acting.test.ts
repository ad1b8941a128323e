// What a host does with what it fetches: from a real Executor, and from one that a thief has.
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Binding } from "../../../../control-plane/contract/actions.ts";
import type { Work } from "../../../../control-plane/contract/work.ts";
import { approve, signable } from "../../../../control-plane/desk/decide.ts";
import { auditLines } from "../../../../control-plane/disk/audit-trail.ts";
import { disk } from "../../../../control-plane/disk/disk.ts";
import { runExecutor } from "../../../../control-plane/executor/run.ts";
import { initialState, type BootState } from "../../../../programs/boot/boot-state.ts";
import { Acting, type ActingSurroundings } from "../../../../programs/boot/foot/acting.ts";
import type { Marks } from "../../../../programs/boot/foot/marks.ts";
import type { Line } from "../../../../programs/boot/line.ts";
import { ALLOWED, ANNA, NOW, signed, THIEF, workFor } from "../../../control-plane/actor/keys.ts";
import { BINDING } from "../../../control-plane/binding.ts";
import { stopped } from "../../../control-plane/imitated-root.ts";
import { hard, planOf } from "../imitation.ts";
import { ImitatedContainers, type ImitatedContainer } from "./imitated-containers.ts";
import { planWith, QUICK, TOKEN } from "./told-observer.ts";

const WAIT = { timeout: 30_000, interval: 10 };
const NOBODY: Marks = { maintenance: null, hold: null, deploying: false };

const toClose: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** After the boot, with a mount that jellyfin needs. */
function settledState(gate: "open" | "closed" = "open", staying = true): BootState {
  const services = [{ name: "jellyfin", requires: [hard("gate:nas-media")] }, { name: "files" }];
  const before = initialState(planOf(services, { "nas-media": 10 }));
  const at = gate === "open" ? { at: gate, since: 1, blind: [] } : { at: gate, seen: "not there" };
  return { ...before, staying, gates: new Map([["gate:nas-media", at]]) };
}

/** An actor of host "nas", whose engine has these. */
async function actorOf(
  url: string,
  containers: Readonly<Record<string, ImitatedContainer>>,
  change: Partial<ActingSurroundings> & {
    readonly state?: BootState;
    readonly token?: string;
  } = {},
) {
  const engine = await new ImitatedContainers(containers).listen();
  const root = mkdtempSync(join(tmpdir(), "actor-"));
  const settings = join(root, "actor.json");
  const tokenFile = join(root, "token");
  writeFileSync(tokenFile, change.token ?? TOKEN);
  const named = { version: 1, host: "nas", url, tokenFile, allowedSigners: ALLOWED };
  writeFileSync(settings, JSON.stringify(named));
  const lines: Line[] = [];
  const looks = { wanted: 0 };
  const acting = new Acting({
    host: "nas",
    engine: engine.engine,
    plan: () => Promise.resolve(planWith(["jellyfin", "files"])),
    write: (line) => lines.push(line),
    acted: () => (looks.wanted += 1),
    marks: () => NOBODY,
    pace: QUICK,
    now: () => NOW,
    settings,
    root,
    ...change,
  });
  acting.observe(change.state ?? settledState());
  const over = new AbortController();
  const running = acting.run(over.signal);
  toClose.push(async () => {
    over.abort();
    await running;
    await engine.close();
  });
  const audit = () => auditLines(disk, root, "actor").lines;
  return { engine, acting, lines, looks, audit };
}

/** An Executor that hands over whatever it is given. */
async function thief(works: readonly unknown[]) {
  const left = [...works];
  const said: string[] = [];
  const asked = { times: 0 };
  const steps: { answer: (step: string, response: ServerResponse) => void } = {
    answer: (_, response) => void response.end(),
  };
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === "/work") {
      asked.times += 1;
      const work = left.shift();
      return void (work === undefined
        ? response.writeHead(204).end()
        : response.end(JSON.stringify(work)));
    }
    const step = request.url?.split("/").at(-1) ?? "";
    said.push(step);
    steps.answer(step, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  toClose.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, said, asked, steps };
}

const [DIGEST = ""] = BINDING.digests;
const JELLYFIN = {
  jellyfin: { status: "running", health: "unhealthy", image: `jellyfin:1@${DIGEST}` },
  stranger: { status: "running", image: `jellyfin:1@${DIGEST}` },
};
const bindingOf = (change: Partial<Binding>): Binding => ({ ...BINDING, ...change });

describe("a host that fetches what a person approved", () => {
  it("does it once, with a real Executor and a real signature, and has it looked at", async () => {
    const root = stopped();
    const action = root.action("pending");
    const found = signable(disk, root.path, action.id, root.now());
    if ("refused" in found) throw new Error(found.refused);
    const authority = await signed(found.text, ANNA);
    const by = { by: "anna", now: root.now() };
    expect(approve(disk, root.path, action.id, action.hash, authority, by)).not.toHaveProperty(
      "refused",
    );
    const token = root.token("nas");
    const executor = await runExecutor({
      disk,
      root: root.path,
      tokens: `${root.path}/tokens`,
      address: "127.0.0.1",
      port: 0,
      own: new Set(),
      complain: (message) => {
        throw new Error(message);
      },
      lookEachMs: 20,
      now: root.now,
    });
    toClose.push(() => executor.stop());
    const [digest = ""] = action.binding.digests;
    const { engine, looks, audit, lines } = await actorOf(
      `http://127.0.0.1:${executor.port}`,
      { files: { status: "exited", image: `files:1@${digest}` } },
      { token, now: root.now },
    );
    await vi.waitFor(() => expect(looks.wanted).toBe(1), WAIT);
    expect(engine.did).toEqual(["start files"]);
    expect(audit().map(({ what, by: who }) => `${what} ${who}`)).toEqual([
      "began anna",
      "ended anna",
    ]);
    expect(root.action("running")).toMatchObject({ outcome: "the engine did start files" });
    expect(lines.map(({ level }) => level)).toEqual(["info"]);
  });

  it("restarts a service within the time that it is declared to have", async () => {
    const { url, said } = await thief([await workFor()]);
    const { engine } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(said).toEqual(["began", "ended"]), WAIT);
    expect(engine.did).toEqual(["restart jellyfin 10"]);
  });

  it.each([
    [0, "made a copy"],
    [3, "exit code 3"],
  ])("makes a copy, and says that it ended with %i", async (exitCode, word) => {
    const { url, said } = await thief([await workFor(bindingOf({ verb: "run-backup" }))]);
    const { engine, audit } = await actorOf(url, JELLYFIN);
    engine.exitCode = exitCode;
    await vi.waitFor(() => expect(said).toEqual(["began", "ended"]), WAIT);
    expect(engine.did).toEqual(["exec jellyfin"]);
    expect(audit().at(-1)?.reason).toContain(word);
  });

  it.each([
    [0, "is mounted"],
    [1, "is not mounted: no"],
  ])(
    "mounts what is not there, and says by the gate's own look that it did: %i",
    async (exitCode, word) => {
      const binding = bindingOf({
        verb: "remount",
        target: "nas-media",
        digests: [],
        commit: "e".repeat(40),
      });
      const { url, said } = await thief([await workFor(binding)]);
      const scripts: string[] = [];
      const run: ActingSurroundings["run"] = (script) => {
        scripts.push(script);
        return Promise.resolve({ exitCode, output: "no" });
      };
      const { audit } = await actorOf(url, JELLYFIN, { run, state: settledState("closed") });
      await vi.waitFor(() => expect(said).toEqual(["began", "ended"]), WAIT);
      expect(scripts.some((script) => script.startsWith("systemctl start 'mnt-nas"))).toBe(true);
      expect(audit().at(-1)?.reason).toContain(word);
    },
  );

  it("says that it ended until somebody hears it", async () => {
    const { url, said, steps } = await thief([await workFor()]);
    let deaf = 3;
    steps.answer = (step, response) => {
      if (step === "ended" && deaf > 0) {
        deaf -= 1;
        return void (deaf === 1 ? response.destroy() : response.writeHead(503).end());
      }
      response.end();
    };
    const { looks, engine } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(looks.wanted).toBe(1), WAIT);
    expect(said).toEqual(["began", "ended", "ended", "ended", "ended"]);
    expect(engine.did).toHaveLength(1);
  });

  it.each([503, 409])("does nothing when nobody takes note that it begins: %i", async (status) => {
    const { url, said, steps } = await thief([await workFor()]);
    steps.answer = (_, response) => void response.writeHead(status).end();
    const { engine, audit } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(audit().at(-1)?.what).toBe("interrupted"), WAIT);
    expect(said).toEqual(["began"]);
    expect(engine.did).toEqual([]);
  });
});

describe("an Executor that a thief has", () => {
  const refusals: readonly [
    string,
    () => Promise<unknown>,
    Partial<Parameters<typeof actorOf>[2]>,
  ][] = [
    ["an order that a stranger signed", () => workFor(BINDING, {}, THIEF), {}],
    ["no order", () => Promise.resolve({ run: "rm -rf /" }), {}],
    ["another host's order", () => workFor(bindingOf({ host: "vps" })), {}],
    [
      "an order for another image",
      () => workFor(bindingOf({ digests: [`sha256:${"9".repeat(64)}`] })),
      {},
    ],
    ["a service that is not this host's", () => workFor(bindingOf({ target: "stranger" })), {}],
    ["a start of what runs", () => workFor(bindingOf({ verb: "start" })), {}],
    ["a start below a mount that is not there", () => workFor(), { state: settledState("closed") }],
    [
      "a remount of what is mounted",
      () =>
        workFor(
          bindingOf({ verb: "remount", target: "nas-media", digests: [], commit: "e".repeat(40) }),
        ),
      {},
    ],
    [
      "a remount by another commit",
      () =>
        workFor(
          bindingOf({ verb: "remount", target: "nas-media", digests: [], commit: "f".repeat(40) }),
        ),
      { state: settledState("closed") },
    ],
    [
      "a deployment",
      () =>
        workFor(
          bindingOf({ verb: "deploy-host", target: "nas", digests: [], commit: "e".repeat(40) }),
        ),
      {},
    ],
  ];

  it.each(refusals)("gets %s refused, written down, and nothing done", async (_, work, change) => {
    const { url } = await thief([await work()]);
    const scripts: string[] = [];
    const run: ActingSurroundings["run"] = (script) => {
      scripts.push(script);
      return Promise.resolve({ exitCode: 0, output: "" });
    };
    const { engine, audit, lines } = await actorOf(url, JELLYFIN, { run, ...change });
    await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
    expect(lines[0]?.level).toBe("warning");
    expect(audit().map(({ what }) => what)).toEqual(["refused"]);
    expect(engine.did).toEqual([]);
    expect(scripts).toEqual([]);
  });

  it("gets an order done once, however often it hands it over", async () => {
    const work: Work = await workFor();
    const { url } = await thief([work, work, work]);
    const { engine, lines } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(lines).toHaveLength(3), WAIT);
    expect(engine.did).toEqual(["restart jellyfin 10"]);
  });

  it("fills no disk with orders that are refused: each is followed by a pause", async () => {
    const bad = Array.from({ length: 200 }, () => ({}));
    const { url, asked } = await thief(bad);
    const { audit } = await actorOf(url, {}, { pace: { ...QUICK, refusedMs: 60_000 } });
    await vi.waitFor(() => expect(audit()).toHaveLength(1), WAIT);
    await pause(500);
    expect(asked.times).toBe(1);
  });

  it("that answers at once that there is nothing is not asked without pauses", async () => {
    const { url, asked } = await thief([]);
    await actorOf(url, {}, { pace: { ...QUICK, askMs: 60_000 } });
    await vi.waitFor(() => expect(asked.times).toBe(1), WAIT);
    await pause(300);
    expect(asked.times).toBe(1);
  });
});

describe("a host on which nothing is to be done", () => {
  const until = null;
  it.each<[string, Parameters<typeof actorOf>[2]]>([
    ["boots", { state: settledState("open", false) }],
    [
      "is in maintenance",
      { marks: () => ({ ...NOBODY, maintenance: { reason: "", by: "", until } }) },
    ],
    ["is held", { marks: () => ({ ...NOBODY, hold: { by: "", commit: null } }) }],
    ["is being deployed", { marks: () => ({ ...NOBODY, deploying: true }) }],
    ["has no settings", { settings: "/nowhere/actor.json" }],
  ])("because it %s fetches nothing", async (_, change) => {
    const { url, asked } = await thief([await workFor()]);
    const { engine, lines } = await actorOf(url, JELLYFIN, change);
    await pause(200);
    expect(asked.times).toBe(0);
    expect(engine.did).toEqual([]);
    expect(lines).toEqual([]);
  });

  it("by settings that name no signers says so once, and fetches nothing", async () => {
    const { url, asked } = await thief([]);
    const folder = mkdtempSync(join(tmpdir(), "actor-"));
    const settings = join(folder, "actor.json");
    const text = { version: 1, host: "nas", url, tokenFile: join(folder, "token") };
    writeFileSync(settings, JSON.stringify(text));
    const { lines } = await actorOf(url, {}, { settings });
    await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
    await pause(100);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).toContain("allowedSigners");
    expect(asked.times).toBe(0);
  });
});
