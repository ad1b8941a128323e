// `homelab deploy` on a deployed fleet: one that succeeds, and one that is killed and resumed.
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { eventsIn } from "../../../deploy/staged/log.ts";
import { placesBelow } from "../../../deploy/staged/places.ts";
import { receiptSchema } from "../../../deploy/staged/receipt.ts";
import { deployReportSchema, type HostOutcome } from "../../../deploy/staged/report.ts";
import { stamp } from "../../../deploy/staged/state.ts";
import { STAGES } from "../../../deploy/staged/stage.ts";
import { ROOT } from "../../../model/paths.ts";
import { declaredHost } from "../support/declared.ts";
import {
  containerIds,
  containers,
  homelabJson,
  on,
  openLab,
  tryOn,
  type Lab,
} from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const HOST = "nas";
const PLACES = placesBelow(ROOT);

/** That one image was pulled, all of its bytes, as far as the engine counts those of small ones. */
const PULLED = /: pulled 1 of 1 image(?:, (\d+ [kMG]B) of \1)?, in \d+ s; the others were there$/;

/** Nobody needs these. */
const REMOVED = ["glances", "samba", "syncthing"];

let lab: Lab;
let declared: readonly string[];
beforeAll(async () => {
  lab = await openLab();
  declared = (await declaredHost(lab, HOST)).services.map(({ name }) => name);
});

/** What a run says of the host. Nobody is asked for newer commits: what is tested is this checkout. */
async function deploy(
  ...words: string[]
): Promise<{ code: number | undefined; outcome: HostOutcome }> {
  const { code, answer } = await homelabJson(lab, ["deploy", HOST, "--offline", ...words]);
  const [outcome] = deployReportSchema.parse(answer).hosts;
  if (!outcome) throw new Error("the report has no host");
  return { code, outcome };
}

/** A run that goes on while a test does something else. */
function begun() {
  const options = { cwd: lab.settings.checkout, reject: false, stdio: "ignore" } as const;
  return execa("node", ["cli/homelab.mjs", "deploy", HOST, "--offline"], {
    env: lab.env,
    ...options,
  });
}

async function expectDeployed(): Promise<void> {
  for (const stage of STAGES) {
    expect(await on(lab, HOST, `cat ${PLACES.complete(stage)}`), stage).toContain('"seconds":');
  }
  expect(await on(lab, HOST, `cat ${PLACES.currentStage}`)).toBe("complete");
  const left = await on(lab, HOST, `ls ${PLACES.lock} ${PLACES.deploying} 2>/dev/null || true`);
  expect(left).toBe("");
  const running = await containers(lab, HOST);
  const ours = declared.map((name) => [name, running.get(name) ?? "missing"] as const);
  expect(ours.filter(([, status]) => !status.includes("(healthy)"))).toEqual([]);
}

describe("homelab deploy on a deployed host", () => {
  it("runs every stage, changes no container, and leaves markers, a log and a receipt", async () => {
    const before = await containerIds(lab, HOST);
    const { code, outcome } = await deploy("--full");
    expect(code, JSON.stringify(outcome, undefined, 2)).toBe(0);
    expect(outcome).toMatchObject({ outcome: "done", stage: "complete", error: null });
    expect(await containerIds(lab, HOST)).toEqual(before);
    await expectDeployed();

    const events = eventsIn(await on(lab, HOST, `cat ${outcome.log ?? ""}`));
    const stages = events.flatMap((one) => (one.event === "stage-ended" ? [one.stage] : []));
    expect(stages).toEqual(STAGES);
    const receipts = await homelabJson(lab, ["history", HOST]);
    const [newest] = receiptSchema.array().parse(receipts.answer);
    expect(Object.keys(newest?.services ?? {}).sort()).toEqual(declared.toSorted());
    expect(outcome.receipt).toBe(`${PLACES.receipts}/${stamp(new Date(newest?.began ?? ""))}.json`);
  });
});

describe("homelab deploy with nothing to do", () => {
  it("starts neither a preview nor an up, and says so", async () => {
    const { code, outcome } = await deploy();
    expect({ code, outcome: outcome.outcome }).toEqual({ code: 0, outcome: "nothing" });
    await expectDeployed();
  });
});

describe("homelab deploy --only", () => {
  it("makes what is missing of the services of that stack, and nothing of another's", async () => {
    const { services } = await declaredHost(lab, HOST);
    const stackOf = (name: string) => services.find((one) => one.name === name)?.stack ?? "";
    const image = await on(lab, HOST, "docker inspect --format '{{.Image}}' glances");
    await on(lab, HOST, `docker rm --force glances samba; docker rmi --force ${image}`);
    for (const name of ["glances", "samba"]) {
      const { code, outcome } = await deploy("--only", stackOf(name));
      expect(code, JSON.stringify(outcome, undefined, 2)).toBe(0);
      // What is missing is pulled before anything is changed.
      const prepared = await on(lab, HOST, `grep -m 1 'prepare: images: ' ${outcome.log ?? ""}`);
      expect(prepared).toMatch(name === "glances" ? PULLED : /: all \d+ there$/);
      const there = Object.keys(await containerIds(lab, HOST));
      expect(there).toContain(name);
      if (name === "glances") expect(there).not.toContain("samba");
    }
  });
});

describe("a run that is killed while it makes containers", () => {
  let killed: ReturnType<typeof begun>;
  let before: Record<string, string>;

  it("keeps a second one out, which names it and begins nothing", async () => {
    before = await containerIds(lab, HOST);
    await on(lab, HOST, `docker rm --force ${REMOVED.join(" ")}`);
    killed = begun();
    const locked = async () => (await tryOn(lab, HOST, `test -e ${PLACES.lock}`)).code;
    await expect.poll(locked, { timeout: 60_000, interval: 200 }).toBe(0);
    const { code, outcome } = await deploy();
    expect(code).toBe(3);
    expect(outcome.outcome).toBe("refused");
    expect(outcome.error?.message).toContain(`process ${killed.pid}`);
    const mark = await on(lab, HOST, `cmp ${PLACES.lock} ${PLACES.deploying} && echo the same`);
    expect(mark).toBe("the same");
  });

  it("is resumed where it was, takes over the lock and Pulumi's, and makes nothing anew that stood", async () => {
    const made = async () => {
      const stage = await on(lab, HOST, `cat ${PLACES.currentStage}`);
      const there = Object.keys(await containerIds(lab, HOST));
      return stage === "deploy" && REMOVED.some((name) => there.includes(name));
    };
    await expect.poll(made, { timeout: 180_000, interval: 200 }).toBe(true);
    killed.kill("SIGKILL");
    expect((await killed).signal).toBe("SIGKILL");

    const { code, outcome } = await deploy("--resume");
    expect(code, JSON.stringify(outcome, undefined, 2)).toBe(0);
    await expectDeployed();
    const events = eventsIn(await on(lab, HOST, `cat ${outcome.log ?? ""}`));
    const skipped = events.flatMap((one) => (one.event === "stage-skipped" ? [one.stage] : []));
    expect(skipped).toEqual(["prepare", "validate"]);
    const after = await containerIds(lab, HOST);
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(changed.sort()).toEqual(REMOVED);
    expect(await plannedChanges(lab, HOST)).toEqual([]);
  });
});
