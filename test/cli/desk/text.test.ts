import { describe, expect, it } from "vitest";
import { z } from "zod";
import { eventsText } from "../../../cli/desk/events.ts";
import { snapshotIn } from "../../../cli/desk/snapshot.ts";
import { verdictOf } from "../../../cli/desk/verdict.ts";
import { decide, read, type Desk } from "../../../cli/desk/vps.ts";
import { printJson } from "../../../cli/output.ts";
import { TARGETS, VERBS } from "../../../control-plane/contract/verbs.ts";
import { commandAtDesk } from "../../../control-plane/contract/at-desk.ts";
import { visible } from "../../../control-plane/contract/visible.ts";
import type { HostRow, Status } from "../../../control-plane/desk/views.ts";
import { HostError } from "../../../model/errors.ts";
import { printed } from "../support/printed.ts";

/** ANSI, a turned direction, a width of nothing, a tag, a line's end, half a letter. */
const NASTY = "\u001b[2Jred\u202edlo\u200b\u{e0041}\u2028\r\n\ud800\u009b";

describe("what a container said", () => {
  it("is printed with everything written out that could not be seen (S18)", () => {
    expect(visible(NASTY)).toBe(
      "\\u001b[2Jred\\u202edlo\\u200b\\udb40\\udc41\\u2028\\u000d\\u000a\\ud800\\u009b",
    );
    // Letters that show nothing: a filler, an empty pattern, a selector of the letter before.
    expect(visible("a\u3164b\u2800c\ufe0f")).toBe("a\\u3164b\\u2800c\\ufe0f");
    expect(visible("Ñandutí, 家, 🏠")).toBe("Ñandutí, 家, 🏠");
  });

  it("is so in a table of events", () => {
    const row = { sequence: 1, at: "t", host: "nas", kind: "gap", subject: NASTY, text: NASTY };
    expect(eventsText([row]).split("\n")).toHaveLength(3);
    expect(eventsText([row])).not.toMatch(/[^\P{C}\n]/u);
  });

  it("is so in JSON too, which reads as what it was", async () => {
    const { stdout } = await printed(() =>
      Promise.resolve(printJson(z.strictObject({ said: z.string() }), { said: NASTY })),
    );
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
    expect(JSON.parse(stdout)).toEqual({ said: NASTY });
  });
});

describe("the verdict", () => {
  const host = (name: string, change: Partial<HostRow> = {}): HostRow => ({
    host: name,
    freshness: "fresh",
    heardSecondsAgo: 2,
    services: { healthy: 20 },
    asDesired: true,
    maintenance: null,
    held: false,
    ...change,
  });
  const WELL: Status = { stale: null, hosts: [host("a"), host("b")], incidents: 0, actions: {} };

  it.each([
    [{}, 0, "2 of 2 hosts fresh; no action waits; no incident"],
    [
      { incidents: 1, actions: { pending: 1 } },
      2,
      "2 of 2 hosts fresh; one action waits; one incident",
    ],
    [
      { incidents: 2, actions: { pending: 3 } },
      2,
      "2 of 2 hosts fresh; 3 actions wait; 2 incidents",
    ],
    [
      { actions: { running: 1 } },
      2,
      "2 of 2 hosts fresh; no action waits; one action under way; no incident",
    ],
    [{ hosts: [host("a")] }, 2, "1 of 2 hosts fresh; no action waits; no incident"],
    [
      { hosts: [host("a"), host("b", { services: { running: 1, exited: 1 } })] },
      2,
      "2 of 2 hosts fresh; no action waits; no incident; one service not well",
    ],
    [{ stale: "nothing is heard" }, 1, "Nobody can tell how things are: nothing is heard"],
  ] satisfies [Partial<Status>, number, string][])(
    "of %j is %d, %s",
    (change, exitCode, sentence) => {
      expect(verdictOf({ ...WELL, ...change }, ["a", "b"])).toEqual({ exitCode, sentence });
    },
  );
});

describe("an answer of the VPS", () => {
  it("is none when its end is missing, and holds files under the containers' names", () => {
    expect(snapshotIn("now 5\nworld/nas.json:{}")).toBeUndefined();
    expect(snapshotIn("end")).toBeUndefined();
    expect(snapshotIn("absent")).toBe("absent");
    const text =
      "now 5\nworld/nas.json:{\nworld/nas.json:end\nstate/control-plane/supervisor.json:{:}\nend";
    const found = snapshotIn(text);
    if (found === undefined || found === "absent") throw new Error("it is not read");
    expect(found.now).toBe(5000);
    expect([...found.files]).toEqual([
      ["world/nas.json", "{\nend\n"],
      ["state/supervisor.json", "{:}\n"],
    ]);
  });

  it("reaches a terminal as nothing else when it is an error", async () => {
    const said = { exitCode: 1, stdout: "", stderr: `cat: ${NASTY.slice(0, 7)}` };
    const desk: Desk = {
      run: () => Promise.resolve(said),
      root: "/opt/homelab",
      now: Date.now,
      pause: () => Promise.resolve(),
    };
    const lost = new HostError("HL-UNREACHABLE", "vps", `ssh: ${NASTY}`);
    for (const run of [desk.run, () => Promise.reject(lost)]) {
      await expect(read({ ...desk, run }, "")).rejects.toThrow(/^[^\p{C}]+$/u);
      await expect(decide({ ...desk, run }, "decisions/a", "")).rejects.toThrow(/^[^\p{C}]+$/u);
    }
  });
});

describe("what no host does by an order", () => {
  it("has a command of one line, for every verb but the four that a host fetches", () => {
    const targets: Partial<Record<string, string>> = {
      "roll-back": "2026-11-26T10:45:24.000Z",
      "restore-copy": "paperless-db@3f2a90bc",
    };
    const commands = VERBS.map((verb) => {
      const target = TARGETS[verb].parse(targets[verb] ?? "nas");
      return [verb, commandAtDesk({ verb, host: "nas", target })] as const;
    });
    expect(Object.fromEntries(commands)).toEqual({
      start: null,
      restart: null,
      remount: null,
      "run-backup": null,
      "redeploy-service": "npx homelab deploy nas",
      "deploy-host": "npx homelab deploy nas",
      "roll-back": "npx homelab rollback nas --to 2026-11-26T10:45:24.000Z",
      "restore-copy": "npx homelab backup restore paperless-db --host nas --snapshot 3f2a90bc",
      "update-image": "npx homelab images update nas && npx homelab deploy nas",
    });
  });
});
