// A host that acts on what it fetches, and an Executor that hands over whatever it is given.
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Binding } from "../../../../control-plane/contract/actions.ts";
import { auditLines } from "../../../../control-plane/disk/audit-trail.ts";
import { disk } from "../../../../control-plane/disk/disk.ts";
import { initialState, type BootState } from "../../../../programs/boot/boot-state.ts";
import { Acting, type ActingSurroundings } from "../../../../programs/boot/foot/acting.ts";
import type { Marks } from "../../../../programs/boot/foot/marks.ts";
import type { Line } from "../../../../programs/boot/line.ts";
import { ALLOWED, NOW } from "../../../control-plane/actor/keys.ts";
import { BINDING } from "../../../control-plane/binding.ts";
import { hard, planOf } from "../imitation.ts";
import { ImitatedContainers, type ImitatedContainer } from "./imitated-containers.ts";
import { planWith, QUICK, TOKEN } from "./told-observer.ts";

/** How long a claim may take to come true. */
export const WAIT = { timeout: 30_000, interval: 10 };
/** Nobody works on the host. */
export const NOBODY: Marks = { maintenance: null, hold: null, deploying: false };

/** What is closed after a test. */
export const toClose: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** After the boot, with a mount that jellyfin needs. */
export function settledState(gate: "open" | "closed" = "open", staying = true): BootState {
  const services = [{ name: "jellyfin", requires: [hard("gate:nas-media")] }, { name: "files" }];
  const before = initialState(planOf(services, { "nas-media": 10 }));
  const at = gate === "open" ? { at: gate, since: 1, blind: [] } : { at: gate, seen: "not there" };
  return { ...before, staying, gates: new Map([["gate:nas-media", at]]) };
}

/** An actor of host "nas", whose engine has these. */
export async function actorOf(
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

/** An Executor that hands over whatever it is given. @param policies @default none */
export async function thief(works: readonly unknown[], policies?: unknown) {
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
    if (request.url === "/policies") {
      return void (policies === undefined
        ? response.writeHead(404).end()
        : response.end(JSON.stringify(policies)));
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
/** A service of the plan that is not well, and a container that is in no plan. */
export const JELLYFIN = {
  jellyfin: { status: "running", health: "unhealthy", image: `jellyfin:1@${DIGEST}` },
  stranger: { status: "running", image: `jellyfin:1@${DIGEST}` },
};
/** What an order binds, with some of it changed. */
export const bindingOf = (change: Partial<Binding>): Binding => ({ ...BINDING, ...change });
