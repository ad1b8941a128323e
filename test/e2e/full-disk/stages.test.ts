// A run's stages on a host whose disk is full for real, from its first write on, from its second, and
// so on. It needs root to have such a disk, and no machine of the sandbox.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keepReceipt, plannedServices, receiptOf } from "../../../deploy/staged/complete.ts";
import { openJournal } from "../../../deploy/staged/journal.ts";
import {
  lockText,
  releaseLock,
  renewScript,
  takeLock,
  type DeployLock,
} from "../../../deploy/staged/lock.ts";
import { eventsIn } from "../../../deploy/staged/log.ts";
import { ownIdentity } from "../../../deploy/staged/owner.ts";
import { readReceipts } from "../../../deploy/staged/receipt.ts";
import type { HostOutcome } from "../../../deploy/staged/report.ts";
import type { RunContext } from "../../../deploy/staged/run-context.ts";
import { runHost, type StageWork } from "../../../deploy/staged/run-host.ts";
import { rememberedRun, stagesDone, type RunFacts } from "../../../deploy/staged/state.ts";
import { STAGES, type Stage } from "../../../deploy/staged/stage.ts";
import type { Project } from "../../../workspace/project.ts";
import { lockOf } from "../../deploy/drift/imitated-host.ts";
import { hostNamed } from "../../support/fleet.ts";
import {
  SHORT_OF,
  smallDisk,
  withEverLessShort,
  type ShortOf,
  type SmallDisk,
} from "./small-disk.ts";

const NAS = hostNamed("nas");
const DECLARED = { declaration: NAS, lock: lockOf(NAS) };
const AGAIN = "npx homelab deploy nas --resume";
const CAUSE = "the gate of samba does not open";

/** What an earlier deployment left. */
const EARLIER: RunFacts = {
  version: 1,
  id: "earlier",
  host: "nas",
  commit: "c",
  planDigest: "p",
  only: null,
  began: "2026-11-25T07:00:00.000Z",
};

const LATER = "2026-11-26T07:00:00.000Z";

let disk: SmallDisk;
beforeAll(() => {
  disk = smallDisk();
});
afterAll(() => disk.unmount());

/** The stages whose work was begun, in order; what is done to containers is done in "deploy". */
let begun: Stage[] = [];
/** What was said to who deploys. */
let said: string[] = [];
beforeEach(() => {
  [begun, said] = [[], []];
});

function stateOf(name: string): string | undefined {
  return disk.files()[`root/state/deploy/${name}`];
}

/** Does what each stage leaves on the host. */
const WORK: Readonly<Record<Stage, StageWork>> = {
  prepare: begins("prepare"),
  validate: begins("validate"),
  deploy: begins("deploy", ({ journal }) => {
    // Nothing is done to a container before the host knows of it.
    expect(stateOf("current_stage")).toBe("deploy\n");
    journal.ready("samba");
  }),
  verify: begins("verify"),
  complete: begins("complete", (run) => keepReceipt(run, receiptOf(run, plannedServices(run)))),
};

function begins(stage: Stage, then: (run: RunContext) => void = () => undefined): StageWork {
  return (run) => {
    begun.push(stage);
    then(run);
    return Promise.resolve();
  };
}

/** Runs the stages as `homelab deploy` does, under the host's lock. */
async function run(
  id: string,
  began: string,
  work: Readonly<Record<Stage, StageWork>> = WORK,
): Promise<HostOutcome> {
  const { shell, places } = disk;
  const lock: DeployLock = {
    ...{ version: 1, id, owner: ownIdentity(), since: began, commit: "c", reason: "deploy nas" },
  };
  const taken = await takeLock("nas", shell, places, lock);
  expect(taken.taken).toBe(true);
  const remembered = await rememberedRun("nas", shell, places, new Date(began));
  expect(remembered.torn).toEqual([]);
  const isResumed = remembered.run?.id === id;
  const facts = isResumed ? remembered.run : { ...EARLIER, id, began };
  const journal = openJournal({
    ...{ run: facts, began: new Date(began), shell, places, again: AGAIN },
    renewMark: renewScript(places, id),
    mask: (text) => text,
    say: (line) => said.push(line),
  });
  const context: RunContext = {
    ...{ host: "nas", project: {} as Project, fleet: [DECLARED], declared: DECLARED },
    ...{ overridden: undefined, services: NAS.services, names: new Set<string>(), facts },
    ...{ shell, anew: shell, places, journal, mask: (text: string) => text, takenFrom: undefined },
    ...{ interrupted: new AbortController().signal, inputs: undefined, putBack: undefined },
    ...{
      guardWaysIn: false,
      furtherLook: undefined,
      again: AGAIN,
      update: "as it is",
      pulled: undefined,
    },
    ...{ began: new Date(began), durations: {}, failed: new Set<string>() },
  };
  try {
    return await runHost(context, isResumed ? stagesDone(remembered) : [], work);
  } finally {
    await journal.close();
    await releaseLock("nas", shell, places, lockText(lock));
  }
}

/** What is remembered on the host, and how often each of its stages was begun. */
async function remembered() {
  const { shell, places } = disk;
  const now = await rememberedRun("nas", shell, places, new Date());
  const { receipts, torn } = await readReceipts("nas", shell, places);
  return { ...now, receipts, torn: [...now.torn, ...torn] };
}

/** When the disk becomes full, and what it has no more of then. */
const CASES: readonly (readonly [string, ShortOf, Stage | undefined])[] = [
  ...SHORT_OF.map((of) => ["before it begins", of, undefined] as const),
  // With some room more the same disk is full in a later stage.
  ["in its first stage", "pages", "prepare"],
];

describe("a run on a host whose disk becomes full", () => {
  it.each(CASES)(
    "%s (no more %s) ends with one clear error, begins no stage that the host does not know of, tears no file, and is resumed",
    async (_, of, full) => {
      /** Stages in which it ended. */
      const ended = new Set<Stage>();
      let room = 0;
      const work = full === undefined ? WORK : { ...WORK, [full]: fills(full) };
      function fills(stage: Stage): StageWork {
        return (context) => {
          disk.leave(room, of);
          room += 1;
          return WORK[stage](context);
        };
      }
      const failures = await withEverLessShort(disk, full === undefined ? of : undefined, {
        before: async () => {
          await run("earlier", EARLIER.began);
          [begun, said] = [[], []];
        },
        attempt: async () => {
          const { outcome, error } = await run("later", LATER, work);
          if (outcome === "failed") throw Object.assign(new Error(error?.message), error);
        },
        failed: async (error, before) => {
          expect(error).toMatchObject({ code: "HL-DEPLOY-STATE" });
          const { message } = error as Error;
          expect(message).toMatch(/\/small-disk-[^)]*: No space left on device\); make room there/);
          const now = await remembered();
          expect(now.torn).toEqual([]);
          expect(Object.keys(disk.files()).filter((path) => path.endsWith(".new"))).toEqual([]);
          expect(now.receipts.map(({ id }) => id)).toEqual(["earlier"]);
          if (full === undefined) {
            // Nothing was begun: everything is as the deployment before left it.
            expect(begun).toEqual([]);
            expect(disk.files()).toMatchObject(before);
          } else {
            const [last, ...earlier] = begun.toReversed();
            expect(begun).toEqual(STAGES.slice(0, begun.length));
            expect([...now.complete.keys()]).toEqual(earlier.toReversed());
            expect(stateOf("current_stage")).toBe(`${last}\n`);
          }
        },
        again: async () => {
          const passed = begun.slice(0, -1);
          for (const stage of begun) ended.add(stage);
          begun = [];
          const resumed = await run("later", LATER);
          expect(resumed).toMatchObject({ outcome: "done", error: null });
          // What is complete is not done twice.
          expect(begun).toEqual(STAGES.filter((stage) => !passed.includes(stage)));
          const now = await remembered();
          expect([...now.complete.keys()]).toEqual(STAGES);
          expect(now.receipts.map(({ id }) => id)).toEqual(["later", "earlier"]);
        },
      });
      expect(failures).toBeGreaterThan(1);
      if (full !== undefined) expect([...ended]).toEqual(STAGES);
    },
  );
});

describe("a stage that fails on a host with no room for diagnostics", () => {
  it("still leaves the end of its log and its own error, and says that there are none", async () => {
    const fails = {
      ...WORK,
      verify: () => {
        disk.leave(12, "pages");
        return Promise.reject(new Error(CAUSE));
      },
    };
    const shell = disk.shell;
    // Diagnostics are as long as what the engine and the containers say.
    const chatty = async (script: string) => {
      const result = await shell(script);
      return script.includes("title engine") ? { ...result, stdout: "x\n".repeat(40_000) } : result;
    };
    disk.clear();
    disk = { ...disk, shell: chatty };
    const { outcome, error, diagnostics } = await run("later", LATER, fails);
    disk = { ...disk, shell };
    expect({ outcome, diagnostics }).toEqual({ outcome: "failed", diagnostics: null });
    expect(error?.message).toContain(CAUSE);
    const unkept = said.filter((line) => line.includes("no diagnostics could be kept"));
    expect(unkept).toEqual([expect.stringContaining("No space left on device")]);
    const log = disk.files()["root/logs/deploy/deploy_20261126T070000Z.log"] ?? "";
    expect(eventsIn(log).at(-1)).toMatchObject({ event: "run-ended", outcome: "failed" });
  });
});
