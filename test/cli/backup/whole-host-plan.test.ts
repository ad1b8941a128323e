import { describe, expect, it } from "vitest";
import { hostDoneText } from "../../../cli/backup/whole-host/done.ts";
import type { HostHistory } from "../../../cli/backup/whole-host/history.ts";
import {
  chosenSnapshot,
  hostPlan,
  newerPlaces,
  presentOf,
} from "../../../cli/backup/whole-host/plan.ts";
import { hostPlanText } from "../../../cli/backup/whole-host/text.ts";
import { COPIED, COPY, DAY, dump, NEWEST, paperless, seen } from "./whole-host-copies.ts";

const NOTHING_KNOWN: HostHistory = { places: new Map(), restored: [], waiting: [] };

function history(
  times: { born?: number; oldest?: number; newest?: number },
  restored: HostHistory["restored"] = [],
  source = "paperless-data",
): HostHistory {
  const place = { born: 0, oldest: 0, newest: 0, ...times };
  return { places: new Map([[source, place]]), restored, waiting: [] };
}
const present = (known: HostHistory, full = true) =>
  presentOf({ source: "paperless-data", full }, NEWEST, known);

describe("what is in a place before a whole host is put back", () => {
  it("is nothing, or what a first start wrote, when it was made after the copy", () => {
    expect(present(history({ born: COPIED + 9 }), false)).toBe("empty");
    const after = { oldest: COPIED + 10, newest: COPIED + 50 };
    expect(present(history({ born: COPIED + 9, ...after }))).toBe("first-start");
    expect(present(history(after))).toBe("first-start");
  });

  it("is newer than the copy when it was there before it and was written to since", () => {
    expect(present(history({ oldest: COPIED - 50, newest: COPIED + 50 }))).toBe("newer");
    // Programs that give all files their owner at each start leave no old time.
    const owned = { born: COPIED - DAY, oldest: COPIED + 10, newest: COPIED + 50 };
    expect(present(history(owned))).toBe("newer");
    expect(present(NOTHING_KNOWN)).toBe("newer");
    expect(present(history({ oldest: COPIED - 50, newest: COPIED - 9 }))).toBe("unchanged");
  });

  it("is the copy itself once it was put back, until the place is made anew", () => {
    const done = { source: "paperless-data", snapshot: "bbbb2222", seconds: COPIED + 100 };
    const times = { born: COPIED + 9, oldest: COPIED + 90, newest: COPIED + 500 };
    expect(present(history(times, [done]))).toBe("back");
    expect(present(history(times, [done]), false)).toBe("empty");
    expect(present(history({ ...times, born: COPIED + 200 }, [done]))).toBe("first-start");
    // A later copy was put back after this one was made, and people have worked with it since.
    expect(present(history(times, [{ ...done, snapshot: "aaaa1111" }]))).toBe("newer");
  });

  it("is back also after a night, whose copy is of what was put back; a person can say otherwise", () => {
    const done = { source: "paperless-data", snapshot: "aaaa1111", seconds: COPIED - 100 };
    const times = { born: COPIED - 200, oldest: COPIED - 110, newest: COPIED + 500 };
    const known = history(times, [done]);
    expect(present(known)).toBe("back");
    expect(present(known, false)).toBe("empty");
    expect(hostPlan([seen([COPY, undefined])], known).back).toEqual(["paperless-data"]);
    const [step] = hostPlan([seen([COPY, undefined])], known, true).steps;
    expect(step?.places.map(({ present: now }) => now)).toEqual(["newer"]);
  });
});

describe("the plan for a whole host", () => {
  it("has everything that its jobs copy, the files of a job before its database", () => {
    expect(paperless.map(({ places }) => places.map(({ source }) => source))).toEqual([
      ["paperless-data", "paperless-media"],
      ["paperless-db"],
    ]);
  });

  it("leaves alone what is back already and what no copy has, and says so", () => {
    const done = { source: "paperless-data", snapshot: "bbbb2222", seconds: COPIED + 100 };
    const known = history({ born: COPIED + 9, newest: COPIED + 500 }, [done]);
    const plan = hostPlan([seen([COPY, undefined]), { job: dump, look: undefined }], known);
    expect(plan.steps).toEqual([]);
    expect(plan.back).toEqual(["paperless-data"]);
    expect(plan.stays.map(({ source }) => source)).toEqual(["paperless-media", "paperless-db"]);
    const text = hostPlanText("docker-vm", plan, ["paperless-ngx"]);
    expect(text).toContain("is back already: paperless-data");
    expect(text).toContain("paperless-media, snapshot bbbb2222 has nothing of it");
    expect(text).toContain("paperless-db, there is no copy");
  });

  it("puts back only the places that are left of a job", () => {
    const done = { source: "paperless-data", snapshot: "bbbb2222", seconds: COPIED + 100 };
    const known = history({ born: COPIED + 9, newest: COPIED + 500 }, [done]);
    const [step] = hostPlan([seen([COPY, COPY])], known).steps;
    expect(step?.job.places.map(({ source }) => source)).toEqual(["paperless-media"]);
    expect(step?.places.map(({ source }) => source)).toEqual(["paperless-media"]);
  });

  it("names what would lose what was written since the copy", () => {
    const known = history({ oldest: COPIED - 50, newest: COPIED + 50 }, [], "paperless-media");
    const places = new Map([
      ...known.places,
      ["paperless-data", { born: COPIED + 1, oldest: COPIED + 2, newest: COPIED + 3 }],
    ]);
    const plan = hostPlan([seen([COPY, COPY])], { ...known, places });
    expect(newerPlaces(plan).map(({ place }) => place.source)).toEqual(["paperless-media"]);
    expect(hostPlanText("docker-vm", plan, [])).toMatch(
      /paperless-media .*NEWER than the copy, of 1970-01-21/,
    );
  });

  it("notices a copy that was made after its place was made anew, empty, while older ones are there", () => {
    const between = { born: COPIED - 50, oldest: COPIED - 40, newest: COPIED - 9 };
    expect(hostPlan([seen([COPY, COPY])], history(between)).anew).toEqual([
      { source: "paperless-data", born: new Date((COPIED - 50) * 1000) },
    ]);
    const done = { source: "paperless-data", snapshot: "aaaa1111", seconds: COPIED - 30 };
    expect(hostPlan([seen([COPY, COPY])], history(between, [done])).anew).toEqual([]);
    expect(hostPlan([seen([COPY, COPY])], history({ ...between, born: 5 })).anew).toEqual([]);
  });

  it("takes the newest copy, or the newest from before a moment", () => {
    const { look } = seen([COPY, COPY]);
    if (!look) throw new Error("there is a copy");
    expect(chosenSnapshot(look, undefined)?.id).toBe("bbbb2222");
    expect(chosenSnapshot(look, new Date(COPIED * 1000))?.id).toBe("aaaa1111");
    expect(chosenSnapshot(look, new Date(0))).toBeUndefined();
  });
});

it("a host of which a part is not back says what, and how to go on", () => {
  const [step] = hostPlan([seen([COPY, COPY])], NOTHING_KNOWN).steps;
  if (!step) throw new Error("nothing is planned");
  const text = hostDoneText({
    host: "docker-vm",
    back: [],
    stays: [{ source: "paperless-db", why: "there is no copy" }],
    outcomes: [{ step, problem: "the server is away" }],
    staying: ["paperless-ngx"],
    started: ["vaultwarden"],
    unstarted: [],
  });
  expect(text).toContain("NOT BACK: the server is away");
  expect(text).toContain("Without a copy, and as it was: paperless-db");
  expect(text).toContain("Left stopped, because their data is not back: paperless-ngx");
  expect(text).toContain("repeat the command");
  expect(text).not.toContain("Everything is back");
});
