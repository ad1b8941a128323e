import { describe, expect, it } from "vitest";
import { ACTION_STATES } from "../../../control-plane/contract/actions.ts";
import { heldRows } from "../../../control-plane/pages/view/held-rows.ts";
import { newsBetween } from "../../../control-plane/pages/view/news.ts";
import {
  approveCommand,
  progressOf,
  queueOf,
  rejectCommand,
  secondsLeft,
  titleOf,
  whyNot,
} from "../../../control-plane/pages/view/action-queue.ts";
import { action, before, NOW } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";

const SURE = { old: null };
const operator = { role: "operator" } as const;

describe("the Action Queue", () => {
  it("has each action in one of its four columns, whatever its state", () => {
    const all = ACTION_STATES.map((state, at) => action(at.toString(16), "restart", { state }));
    const queue = queueOf(all);
    expect(Object.values(queue).flat()).toHaveLength(ACTION_STATES.length);
    expect(queue.running.map(({ state }) => state)).toEqual(["claimed", "running", "interrupted"]);
  });

  it("shows what waits the longest first, and what ended last first", () => {
    const at = (
      id: string,
      seconds: number,
      state: "pending" | "failed",
    ): ReturnType<typeof action> => action(id, "restart", { state, since: before(seconds) });
    const queue = queueOf([
      at("1", 10, "pending"),
      at("2", 90, "pending"),
      at("3", 90, "failed"),
      at("4", 5, "failed"),
    ]);
    expect(queue.pending.map(({ id }) => id[0])).toEqual(["2", "1"]);
    expect(queue.done.map(({ id }) => id[0])).toEqual(["4", "3"]);
  });

  it("calls nothing good before an observation that is newer has shown it", () => {
    const good = ACTION_STATES.filter((state) => {
      const over = action("1", "restart", { state, endedAt: before(1) });
      return progressOf(over).tone === "good";
    });
    expect(good).toEqual(["verified"]);
    const ended = action("1", "restart", { state: "running", endedAt: before(1) });
    expect(progressOf(ended).word).toBe("ended; waits until it is seen to work");
  });
});

describe("an action", () => {
  it("says what is done to what and where, and by which command of the desk", () => {
    const [remount, deploy] = household().actions;
    expect(titleOf(remount!)).toBe("Mount nas-media on docker-vm");
    expect(approveCommand(remount!)).toBe("npx homelab approve 111111111111");
    expect(rejectCommand(remount!)).toBe('npx homelab reject 111111111111 --reason "…"');
    expect(titleOf(deploy!)).toBe("Deploy nas");
    expect(approveCommand(deploy!)).toBe("npx homelab deploy nas");
  });

  it("cannot be decided by who looks on, from what is old, twice, or too late; each says why", () => {
    const pending = action("1", "restart");
    expect(whyNot(pending, operator, SURE, NOW)).toBeNull();
    expect(whyNot(pending, { role: "viewer" }, SURE, NOW)).toBe(
      "You look on: an operator decides.",
    );
    expect(whyNot(pending, operator, { old: "the Observer is silent" }, NOW)).toContain("Observer");
    expect(whyNot(action("1", "restart", { state: "approved" }), operator, SURE, NOW)).toContain(
      "decided",
    );
    const late = Date.parse(pending.expires);
    expect(whyNot(pending, operator, SURE, late)).toContain("expired");
    expect(secondsLeft(pending, late - 5000)).toBe(5);
  });
});

describe("rows that somebody points at", () => {
  const row = (id: string, text = ""): { id: string; text: string } => ({ id, text });

  it("stay where they are: what is new is counted, what is gone is said", () => {
    const shown = [row("a"), row("b")];
    const now = [row("c"), row("b", "changed"), row("d")];
    expect(heldRows(shown, now, true)).toEqual({
      rows: [
        { item: row("a"), isGone: true },
        { item: row("b", "changed"), isGone: false },
      ],
      fresh: 2,
    });
  });

  it("are as they are once nobody does", () => {
    expect(heldRows([row("a")], [row("c")], false)).toEqual({
      rows: [{ item: row("c"), isGone: false }],
      fresh: 0,
    });
  });
});

describe("what is said aloud", () => {
  it("is what came, what ended and where an action stands, and no figure that only grew older", () => {
    const first = household();
    expect(newsBetween(null, first)).toBe("");
    expect(newsBetween(first, { ...first, at: before(-30) })).toBe("");
    const [incident] = first.incidents;
    const later = household({
      incidents: [incident!, { ...incident!, cause: "nas/minio", detail: "is missing" }],
      actions: first.actions.map((one) => ({ ...one, state: "verified" as const })).slice(2, 3),
    });
    expect(newsBetween(first, later)).toBe(
      "New incident: nas/minio is missing. nas/scrutiny is no incident any more. Restart sonarr on docker-vm: done, and seen to work",
    );
  });
});
