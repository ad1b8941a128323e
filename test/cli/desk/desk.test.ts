import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { actions, incidents } from "../../../cli/desk/lists.ts";
import { status } from "../../../cli/desk/status.ts";
import { asParts } from "../../../cli/desk/vps.ts";
import { HostError } from "../../../model/errors.ts";
import { stopped } from "../../control-plane/imitated-root.ts";
import { jsonAnswer } from "../support/json-answer.ts";
import { printed } from "../support/printed.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { deskOf } from "./imitated-vps.ts";

describe("what the desk shows", () => {
  it("says in one sentence what waits and what is not well, and asks the VPS once", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const run = await printed(() => status(desk, false));
    expect(run.answer).toBe(2);
    expect(run.stdout.split("\n")[0]).toBe(
      "2 of 3 hosts fresh; one action waits; one incident; one service not well.",
    );
    expect(run.stdout).toMatch(/^nas +fresh, 60 min ago +1 healthy, 1 exited/m);
    expect(run.stdout).toMatch(/^vps +unknown, never/m);
    expect(run.stdout).toMatch(/start files on nas +pending .*npx homelab approve [0-9a-f]{12}$/m);
    expect(desk.scripts).toHaveLength(1);
  });

  it("says the same to programs", async () => {
    const root = stopped();
    const run = await printed(() => status(deskOf(root), true));
    expect(await jsonAnswer(["status"], run.stdout)).toMatchObject({
      exitCode: 2,
      stale: null,
      incidents: [{ cause: "nas/files" }],
      actions: [{ binding: { verb: "start", target: "files" } }],
    });
  });

  it("calls nothing well or unwell of which nobody can tell, and exits 1", async () => {
    const root = stopped();
    root.home.time += 90;
    const run = await printed(() => status(deskOf(root), false));
    expect(run.answer).toBe(1);
    expect(run.stdout).toContain(
      "Nobody can tell how things are: nothing is heard of the Observer",
    );
    expect(run.stdout).toContain("how they were when that was known");
    const away = {
      ...deskOf(stopped()),
      run: () => Promise.reject(new HostError("X", "vps", "away")),
    };
    const unreachable = await printed(() => status(away, true));
    expect(unreachable.answer).toBe(1);
    expect(await jsonAnswer(["status"], unreachable.stdout)).toMatchObject({ exitCode: 1 });
    expect(unreachable.stderr).toBe("error X on vps: away\n");
  });

  it("takes an answer that was cut short, and folders that are not there, for no answer", async () => {
    const desk = deskOf(stopped());
    const cut = {
      ...desk,
      run: async (script: string) => {
        const whole = await desk.run(script);
        return { ...whole, stdout: whole.stdout.slice(0, -1) };
      },
    };
    await expect(incidents(cut, false)).rejects.toThrow("the answer was cut short");
    rmSync(join(desk.root, "world"), { recursive: true });
    await expect(incidents(desk, false)).rejects.toThrow("deploy all three hosts");
  });

  it("says so when the parts' own state cannot be read, instead of knowing nothing of them", async () => {
    const desk = deskOf(stopped());
    rmSync(join(desk.root, "state/control-plane"));
    await expect(incidents(desk, false)).rejects.toThrow(/cannot be read: .*state\/control-plane/);
  });

  it("shows an action with everything that a person decides by", async () => {
    const root = stopped();
    const { id, hash } = root.action("pending");
    const run = await printed(() => actions(deskOf(root), false, false));
    expect(run.stdout).toContain(`${id.slice(0, 12)}  start files on nas: pending for`);
    for (const name of ["why", "root cause", "seen", "restarts", "degrades", "data", "risk"]) {
      expect(run.stdout, name).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
    }
    for (const name of ["to undo", "images", "proposed", "expires", "do it"]) {
      expect(run.stdout, name).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
    }
    expect(run.stdout).toMatch(new RegExp(`^  hash +${hash.slice(0, 12)}$`, "m"));
  });

  it("reads no file that a link in the parts' folders leads to, and none that is too large (S8)", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id } = root.action("pending");
    const action = readFileSync(join(root.path, "queue", `${id}.json`), "utf8");
    const elsewhere = join(mkdtempSync(join(tmpdir(), "elsewhere-")), "action.json");
    writeFileSync(elsewhere, action.replace(id, "a".repeat(32)));
    symlinkSync(elsewhere, join(root.path, "queue", `${"a".repeat(32)}.json`));
    const large = action.replace(id, "b".repeat(32)) + " ".repeat(70_000);
    writeFileSync(join(root.path, "queue", `${"b".repeat(32)}.json`), large);
    const run = await printed(() => actions(desk, true, true));
    expect(await jsonAnswer(["actions"], run.stdout)).toHaveLength(1);
  });

  it("runs on the VPS as the user of the parts, never as root in folders that are not root's", () => {
    expect(asParts("echo 'it'\n")).toBe(
      `cd / && setpriv --reuid=1000 --regid=1000 --clear-groups -- sh -c 'echo '\\''it'\\''\n'\n`,
    );
  });

  it("says how the control plane is turned on where it is off", async () => {
    const run = await runHomelab(["status"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("error HL-CONTROL-PLANE-OFF: this site has no control plane");
  });
});
