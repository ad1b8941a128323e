import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { approve, reject, type ApproveOptions } from "../../../cli/desk/decide.ts";
import { events } from "../../../cli/desk/events.ts";
import { actions, incidents } from "../../../cli/desk/lists.ts";
import { status } from "../../../cli/desk/status.ts";
import { asParts } from "../../../cli/desk/vps.ts";
import { checkWork } from "../../../control-plane/actor/check-order.ts";
import { noncesIn } from "../../../control-plane/actor/nonces.ts";
import { bindingHash } from "../../../control-plane/contract/actions.ts";
import { parseDecision } from "../../../control-plane/contract/decision.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { Executor } from "../../../control-plane/executor/executor.ts";
import { recordOf } from "../../../control-plane/observer/record.ts";
import { HostError } from "../../../model/errors.ts";
import { Root, stopped } from "../../control-plane/imitated-root.ts";
import { smallHome } from "../../control-plane/supervisor/imitated-home.ts";
import { jsonAnswer } from "../support/json-answer.ts";
import { printed } from "../support/printed.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { deskOf } from "./imitated-vps.ts";

const keys = mkdtempSync(join(tmpdir(), "desk-key-"));
const KEY = join(keys, "anna");
const ALLOWED = join(keys, "allowed_signers");
beforeAll(() => {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", KEY]);
  const allowed = `anna namespaces="homelab-order" ${readFileSync(`${KEY}.pub`, "utf8")}`;
  writeFileSync(ALLOWED, allowed, { mode: 0o644 });
});

const DONE = { version: 1, ok: true, said: "the engine did it" } as const;

const options = (change: Partial<ApproveOptions> = {}): ApproveOptions => ({
  key: KEY,
  confirmed: () => Promise.resolve(true),
  wait: false,
  json: false,
  ...change,
});

function executorOf(root: Root): Executor {
  return new Executor({ disk, root: root.path, own: new Set(), now: root.now });
}

function decisions(root: Root): string[] {
  return readdirSync(join(root.path, "decisions"));
}

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

  it("reads no file that a link in the parts' folders leads to, and none that is too large", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id } = root.action("pending");
    const action = readFileSync(join(root.path, "queue", `${id}.json`), "utf8");
    const elsewhere = join(keys, "elsewhere");
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

describe("events", () => {
  const stream = "5".repeat(32);
  const at = (second: number) =>
    new Date(Date.parse("2026-11-26T12:00:00.000Z") + second * 1000).toISOString();
  const engine = (container: string, action: "die" | "start", image = "registry/files:1") => ({
    kind: "engine" as const,
    container,
    id: "e".repeat(64),
    action,
    image,
    timeNano: "1",
  });

  function logOf(root: Root): void {
    const folder = join(root.path, "events/2026-11-26");
    mkdirSync(folder, { recursive: true });
    const said = [
      ["nas", engine("files", "die")],
      ["nas", { kind: "alive" as const }],
      ["docker-vm", engine("music", "start")],
      ["nas", { kind: "gap" as const, reason: "plain" }],
    ] as const;
    const lines = said.map(([host, happening], index) =>
      recordOf({
        version: 1,
        sequence: index + 1,
        at: at(index - 3600),
        from: "host",
        host,
        stream,
        number: index + 1,
        time: at(0),
        happening,
      }),
    );
    writeFileSync(join(folder, "000000000001.jsonl"), lines.slice(0, 2).join(""));
    writeFileSync(join(folder, "000000000003.jsonl"), `${lines.slice(2).join("")}{"sum":"torn`);
  }

  async function shown(change: object): Promise<string[]> {
    const root = new Root(smallHome());
    const desk = deskOf(root);
    root.observe();
    logOf(root);
    const run = await printed(() => events(desk, { limit: 50, json: true, ...change }));
    const rows = await jsonAnswer<{ sequence: number }[]>(["events"], run.stdout);
    return rows.map(({ sequence }) => String(sequence));
  }

  it("come newest last, without signs of life, and those that were asked for", async () => {
    expect(await shown({})).toEqual(["1", "3", "4"]);
    expect(await shown({ host: "nas" })).toEqual(["1", "4"]);
    expect(await shown({ service: "files" })).toEqual(["1"]);
    expect(await shown({ limit: 2 })).toEqual(["3", "4"]);
    expect(await shown({ sinceSeconds: 3598 })).toEqual(["3", "4"]);
  });

  it("are refused where a word makes no sense", async () => {
    for (const words of [
      ["--since", "soon"],
      ["--limit", "0"],
      ["--host", "laptop"],
    ]) {
      expect((await runHomelab(["events", ...words])).stderr).toContain("HL-USAGE");
    }
  });
});

describe("approving at the desk", () => {
  it("shows what is signed, and is taken over by the Executor and believed by the host", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id, hash } = root.action("pending");
    const run = await printed(() => approve(desk, id.slice(0, 8), options()));
    expect(run.answer).toBe(0);
    const [name = ""] = decisions(root);
    const file = join(root.path, "decisions", name);
    const decision = parseDecision(readFileSync(file, "utf8"));
    expect(decision).toMatchObject({ action: id, verdict: "approve", shown: hash });
    for (const line of decision?.authority?.text.trimEnd().split("\n") ?? []) {
      expect(run.stderr).toContain(`  ${line}\n`);
    }
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const work = executorOf(root).workFor("nas");
    if (!work) throw new Error("nothing was handed out");
    const nonces = noncesIn(disk, join(root.path, "nonces"));
    const rules = { host: "nas", keys: { allowedSigners: ALLOWED }, nonces, now: root.now };
    expect(await checkWork(work, rules)).toMatchObject({ by: "anna", order: { target: "files" } });
  });

  it("says each step, and calls it good only when an observation has shown it", async () => {
    const root = stopped();
    const executor = executorOf(root);
    const { id } = root.action("pending");
    const steps = [
      () => void executor.tick(),
      () => void executor.workFor("nas"),
      () => void executor.report("nas", id, "began", { ...DONE, said: "begins" }),
      () => void executor.report("nas", id, "ended", DONE),
      () => {
        root.home.becomes("nas/files", "healthy");
        root.pass(5);
        executor.tick();
      },
    ];
    const desk = deskOf(root, () => steps.shift()?.());
    const run = await printed(() => approve(desk, id, options({ wait: true })));
    expect(run.stderr.slice(run.stderr.indexOf("sent;")).trimEnd().split("\n")).toEqual([
      "sent; the Executor looks each second",
      "approved; waits until nas fetches it",
      "claimed by nas",
      "running on nas",
      "ended on nas; waits for an observation that shows it (the engine did it)",
      expect.stringMatching(/^verified by an observation/),
    ]);
    expect(run.answer).toBe(0);
    expect(run.stdout).toMatch(/^verified by an observation/);
  });

  it("exits 1 for what its host refused, with the host's reason", async () => {
    const root = stopped();
    const executor = executorOf(root);
    const { id } = root.action("pending");
    const desk = deskOf(root, () => {
      executor.workFor("nas");
      executor.report("nas", id, "refused", { ...DONE, ok: false, said: "it was used before" });
    });
    const run = await printed(() => approve(desk, id, options({ wait: true, json: true })));
    expect(run.answer).toBe(1);
    expect(await jsonAnswer(["approve"], run.stdout)).toMatchObject({
      state: "failed",
      said: "its host refused it: it was used before",
    });
  });

  it("exits 1 for a decision that the Executor does not want, with its reason", async () => {
    const root = stopped();
    const { id } = root.action("pending");
    const own = new Set(["nas/files"]);
    const executor = new Executor({ disk, root: root.path, own, now: root.now });
    const desk = deskOf(root, () => executor.tick());
    const run = await printed(() => approve(desk, id, options({ wait: true })));
    expect(run.answer).toBe(1);
    expect(run.stdout).toContain("the control plane does not act on itself");
  });

  it("is done waiting after a while, says what was seen last, and exits 1", async () => {
    const root = stopped();
    const desk = deskOf(root, () => (root.home.time += 120));
    const run = await printed(() =>
      approve(desk, root.action("pending").id, options({ wait: true })),
    );
    expect(run.answer).toBe(1);
    expect(run.stdout).toContain(
      "sent; the Executor looks each second; `npx homelab actions --all`",
    );
  });

  it("decides nothing when the person does not say yes, or has no key", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id } = root.action("pending");
    const no = options({ confirmed: () => Promise.resolve(false) });
    await printed(() => expect(approve(desk, id, no)).rejects.toThrow("you did not say yes"));
    await printed(() =>
      expect(approve(desk, id, options({ key: `${KEY}-of-nobody` }))).rejects.toMatchObject({
        code: "HL-SIGN",
      }),
    );
    const broken = join(keys, "broken");
    writeFileSync(broken, "no key\n", { mode: 0o600 });
    await printed(() =>
      expect(approve(desk, id, options({ key: broken }))).rejects.toMatchObject({
        code: "HL-SIGN",
      }),
    );
    expect(decisions(root)).toEqual([]);
  });

  it("decides nothing from a world that is old, or by a clock that is another", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id } = root.action("pending");
    const late = { ...desk, now: () => root.now() + 61_000 };
    await expect(approve(late, id, options())).rejects.toThrow(
      "the clock of the VPS is 61 s behind",
    );
    root.home.time += 90;
    await expect(approve(desk, id, options())).rejects.toThrow("nobody knows how things are");
    expect(decisions(root)).toEqual([]);
  });

  it("is done once, also by two at the same moment", async () => {
    const root = stopped();
    const { id } = root.action("pending");
    const desk = deskOf(root);
    const both = await printed(() =>
      Promise.allSettled([1, 2, 3].map(() => approve(desk, id, options()))),
    );
    const outcomes = both.answer.map(({ status: how }) => how).sort();
    expect(outcomes).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(decisions(root)).toEqual([`${id}.json`]);
  });

  it("sends a person to the desk's own command for what no host does", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const action = root.action("pending");
    const binding = { ...action.binding, verb: "redeploy-service" as const };
    const changed = { ...action, binding, hash: bindingHash(binding) };
    writeFileSync(join(root.path, "queue", `${action.id}.json`), JSON.stringify(changed));
    await expect(approve(desk, action.id, options())).rejects.toThrow(
      "it is done here: npx homelab deploy nas",
    );
    expect(decisions(root)).toEqual([]);
  });

  it("names those that wait when there is none of that id", async () => {
    const root = stopped();
    const { id } = root.action("pending");
    const there = `there are ${id.slice(0, 12)} (start files on nas)`;
    for (const text of ["0".repeat(32), id.slice(0, 3), "../../etc/passwd"]) {
      await expect(approve(deskOf(stopped()), text, options())).rejects.toThrow("there are ");
    }
    await expect(approve(deskOf(root), "nothing", options())).rejects.toThrow(there);
  });

  it("rejects for a reason, and sees that it is taken note of", async () => {
    const root = stopped();
    const executor = executorOf(root);
    const desk = deskOf(root, () => executor.tick());
    const { id } = root.action("pending");
    const flags = { wait: true, json: false };
    await expect(reject(desk, id, "", flags)).rejects.toThrow("a rejection says why");
    const run = await printed(() => reject(desk, id, "not\u001b[2J now", flags));
    expect(run.answer).toBe(0);
    expect(root.action("rejected").decision?.reason).toBe("not\\u001b[2J now");
  });
});
