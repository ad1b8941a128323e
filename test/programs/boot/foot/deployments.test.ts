import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { toldDeployment } from "../../../../control-plane/contract/deployment.ts";
import { loggedEvent } from "../../../../control-plane/contract/logged-event.ts";
import type { LogLine } from "../../../../control-plane/contract/log-line.ts";
import { logLines, type Happening, type LogEvent } from "../../../../deploy/staged/log.ts";
import type { Marks } from "../../../../programs/boot/foot/marks.ts";
import { linesOnDisk } from "../../../control-plane/observer/room.ts";
import { ImitatedContainers } from "./imitated-containers.ts";
import { settingsFor, startFoot, ToldObserver } from "./told-observer.ts";

const WAIT = { timeout: 30_000, interval: 10 };
const COMMIT = "c".repeat(40);
const CANARY = "a-password-that-somebody-quoted";

const engines: ImitatedContainers[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

const BEGAN: Happening = {
  event: "run-began",
  commit: COMMIT,
  planDigest: "d".repeat(16),
  only: null,
  resumed: false,
  by: "anna@desk",
};
const ENDED: Happening = { event: "run-ended", outcome: "done", seconds: 9 };
const stage = (name: "deploy" | "verify"): Happening => ({ event: "stage-began", stage: name });
const service = (event: "service-began" | "service-failed", name: string): Happening => {
  return { event, stage: "deploy", service: name };
};
const ready = (name: string, changed = true): Happening => {
  return { event: "service-ready", stage: "deploy", service: name, changed, seconds: 3 };
};

/** A host before a real Observer, with the logs that the deployer's own writer writes. */
async function deployed() {
  const engine = await new ImitatedContainers({ db: { status: "running" } }).listen();
  engines.push(engine);
  const observer = await ToldObserver.open();
  const deployLogs = mkdtempSync(join(tmpdir(), "logs-"));
  const marks: Marks = { maintenance: null, hold: null, deploying: false };
  const logs = new Map<string, string>();
  /** As the deployer brings it: the whole log under another name, then renamed. */
  const note = (run: string, ...events: readonly Happening[]): void => {
    const facts = { version: 1, time: "2026-11-26T12:00:00.000Z", run, host: "nas" };
    const more = events.map((event) => logLines({ ...facts, ...event } as LogEvent)).join("");
    const text = (logs.get(run) ?? "") + more;
    logs.set(run, text);
    const path = join(deployLogs, `deploy_${run}.log`);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const start = () => {
    const { path: settings } = settingsFor(observer.url);
    const around = { engine: engine.engine, settings, deployLogs, marks: () => ({ ...marks }) };
    return startFoot(around);
  };
  const told = () =>
    observer.said.flatMap(({ happening }) =>
      happening.kind === "deployment" ? [toldDeployment.parse(happening)] : [],
    );
  return { observer, marks, note, start, told };
}

describe("a host that is deployed", () => {
  it("tells each stage, and each service that is made anew, while it goes on", async () => {
    const { observer, marks, note, start, told } = await deployed();
    start();
    await vi.waitFor(() => expect(observer.world.looked).not.toBeNull(), WAIT);
    marks.deploying = true;
    note("20261126T120000Z", BEGAN, stage("deploy"), service("service-began", "db"));
    const during = () => observer.world.deploying;
    await vi.waitFor(() => {
      expect(during()).toMatchObject({
        run: "20261126T120000Z",
        stage: "deploy",
        service: "db",
      });
    }, WAIT);
    note("20261126T120000Z", service("service-began", "web"), ready("db"), ready("store", false));
    await vi.waitFor(() => expect(during()).toMatchObject({ service: "web" }), WAIT);
    note("20261126T120000Z", ready("web"), stage("verify"));
    await vi.waitFor(() => expect(during()).toMatchObject({ stage: "verify" }), WAIT);
    expect(during()).not.toHaveProperty("service");
    note("20261126T120000Z", ENDED);
    marks.deploying = false;
    await vi.waitFor(() => expect(during()).toBeNull(), WAIT);
    expect(told().map(({ step, stage: at, service: of, is }) => [step, at, of, is])).toEqual([
      ["began", undefined, undefined, undefined],
      ["stage", "deploy", undefined, undefined],
      ["stage", "deploy", "db", "begun"],
      ["stage", "deploy", "web", "begun"],
      ["stage", "deploy", "db", "ready"],
      ["stage", "deploy", "web", "ready"],
      ["stage", "verify", undefined, undefined],
      ["ended", undefined, undefined, undefined],
    ]);
    expect(told()[0]?.commit).toBe(COMMIT);
    const rows = linesOnDisk(observer.root).map((line) => loggedEvent(line as LogLine));
    expect(rows).toContainEqual(
      expect.objectContaining({ subject: "web", text: "deployment stage deploy ready" }),
    );
  });

  it("names the service on which it failed, and no word of what was said of it (S16)", async () => {
    const { observer, marks, note, start, told } = await deployed();
    start();
    await vi.waitFor(() => expect(observer.world.looked).not.toBeNull(), WAIT);
    marks.deploying = true;
    note(
      "20261126T130000Z",
      BEGAN,
      stage("deploy"),
      { event: "note", stage: "deploy", message: CANARY },
      service("service-failed", "db"),
      { event: "stage-failed", stage: "deploy", seconds: 3, code: null, message: CANARY },
      { ...ENDED, outcome: "failed" },
    );
    await vi.waitFor(() => expect(told().at(-1)).toMatchObject({ outcome: "failed" }), WAIT);
    expect(told()).toContainEqual(
      expect.objectContaining({ step: "failed", stage: "deploy", service: "db" }),
    );
    expect(JSON.stringify(observer.said)).not.toContain(CANARY);
  });

  it("tells nothing of one that is over, and all of one that goes on, to an Observer that hears it only now", async () => {
    const { observer, marks, note, start, told } = await deployed();
    note("20261126T100000Z", BEGAN, ENDED);
    // Cut off: there is no mark of it any more.
    note("20261126T110000Z", BEGAN, stage("deploy"));
    start();
    await vi.waitFor(() => expect(observer.count("alive")).toBeGreaterThan(1), WAIT);
    expect(told()).toEqual([]);

    const other = await deployed();
    other.marks.deploying = true;
    other.note("20261126T120000Z", BEGAN, stage("verify"));
    other.start();
    await vi.waitFor(() => expect(other.observer.world.deploying?.stage).toBe("verify"), WAIT);
    marks.deploying = true;
    note("20261126T150000Z", BEGAN, stage("deploy"));
    await vi.waitFor(() => expect(observer.world.deploying?.stage).toBe("deploy"), WAIT);
  });
});
