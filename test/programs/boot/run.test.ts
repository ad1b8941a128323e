import { afterEach, describe, expect, it, vi } from "vitest";
import { Engine } from "../../../programs/boot/engine.ts";
import { Journal, lineWriter } from "../../../programs/boot/journal.ts";
import { bringUp } from "../../../programs/boot/run.ts";
import type { StartPlan } from "../../../programs/boot/start-plan.ts";
import { ImitatedEngine } from "./imitated-engine.ts";
import { hard, planOf } from "./imitation.ts";

const DOWN = { status: "exited", health: "unhealthy" };
const HEALTHY = { status: "running", health: "healthy" };
const opened: ImitatedEngine[] = [];

afterEach(() => opened.splice(0).forEach((engine) => engine.close()));

async function boot(plan: StartPlan, containers: ConstructorParameters<typeof ImitatedEngine>[0]) {
  const imitation = new ImitatedEngine(containers);
  opened.push(imitation);
  await imitation.listen();
  const lines: string[] = [];
  const journal = new Journal(lineWriter((text) => lines.push(text.trimEnd()), "text"));
  const engine = new Engine("docker-vm", imitation.socket);
  await engine.waitUntilReady(5);
  const end = bringUp(plan, {
    engine,
    watchGate: (_gate, onVerdict) => {
      onVerdict({ open: false, seen: "nothing is mounted" });
      return new Promise(() => undefined);
    },
    isBlindTo: () => Promise.resolve(false),
    observe: (before, after, seconds) => journal.observe(before, after, seconds),
  });
  return { imitation, end, lines, journal };
}

describe("a run against an engine", () => {
  it("starts everything in order and says how long each took and what it waited for", async () => {
    const plan = planOf([
      { name: "mosquitto" },
      { name: "frigate", requires: [hard("mosquitto")] },
    ]);
    const { imitation, end, lines, journal } = await boot(plan, { mosquitto: DOWN, frigate: DOWN });
    journal.summary(await end, 0.5);
    expect(imitation.calls).toEqual(["start mosquitto", "start frigate"]);
    expect(lines[0]).toMatch(/^mosquitto: healthy \d\.\d s after its start; waited \d\.\d s$/);
    expect(lines[1]).toMatch(/^frigate: healthy \d\.\d s after its start; waited \d\.\d s/);
    expect(lines[2]).toBe("2 of 2 services healthy 0.5 s after the engine answered");
  });

  it("does nothing when everything is healthy", async () => {
    const { imitation, end, lines } = await boot(planOf([{ name: "db" }]), { db: HEALTHY });
    await end;
    expect(imitation.calls).toEqual([]);
    expect(lines).toEqual(["db: ran already, left alone"]);
  });

  it("stops what is unhealthy before it starts it again", async () => {
    const sick = { status: "running", health: "unhealthy" };
    const { imitation, end } = await boot(planOf([{ name: "db" }]), { db: sick });
    await end;
    expect(imitation.calls).toEqual(["stop db", "start db"]);
  });

  it("says why something is missing, and what it held back", async () => {
    const plan = planOf(
      [
        { name: "gone" },
        { name: "refused" },
        { name: "app", requires: [hard("refused")] },
        { name: "sonarr", requires: [hard("gate:media")] },
      ],
      { media: 1 },
    );
    const { imitation, end, lines, journal } = await boot(plan, {
      refused: DOWN,
      app: DOWN,
      sonarr: DOWN,
    });
    journal.summary(await end, 1);
    expect(imitation.calls).toEqual(["start refused"]);
    expect(lines).toEqual([
      "gone: failed: it has no container; deploy the host",
      "gate:media: closed, waiting up to 1 s: nothing is mounted",
      "refused: failed: the engine could not start it: docker start refused: port is taken",
      "app: not started, because it cannot run without refused",
      "gate:media: stayed closed for 1 s: nothing is mounted. What to do: mend media; then: systemctl restart docker-boot-orchestrator",
      "sonarr: not started, because it cannot run without gate:media",
      "0 of 4 services healthy 1.0 s after the engine answered; failed: refused, gone; not started: app, sonarr; closed: gate:media",
    ]);
  });

  it("ends with an error when the engine goes away", async () => {
    const plan = planOf([{ name: "sonarr", requires: [hard("gate:media")] }], { media: 60 });
    const { imitation, end } = await boot(plan, { sonarr: DOWN });
    setTimeout(() => imitation.breakStream(), 50);
    await expect(end).rejects.toThrow("event stream broke off");
  });

  it("waits for the engine as long as it says, also when the clock is set meanwhile", async () => {
    const imitation = new ImitatedEngine({});
    opened.push(imitation);
    const clock = vi.spyOn(Date, "now").mockReturnValueOnce(0).mockReturnValue(2_000_000_000_000);
    const waiting = new Engine("docker-vm", imitation.socket).waitUntilReady(5);
    setTimeout(() => void imitation.listen(), 50);
    await expect(waiting.finally(() => clock.mockRestore())).resolves.toBeUndefined();
  });

  it("gives up on an engine that does not answer", async () => {
    const engine = new Engine("docker-vm", "/nowhere/docker.sock");
    await expect(engine.waitUntilReady(0)).rejects.toThrow("did not answer within 0 s");
  });
});
