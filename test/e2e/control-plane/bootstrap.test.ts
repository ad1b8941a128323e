// `homelab control-plane bootstrap` from the computer that deploys: what it says of a fleet that is as
// it should be, and an upgrade whose new part does not answer as what was built.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bootstrapAnswerSchema, type BootstrapAnswer } from "../../../cli/control-plane/answer.ts";
import { eventsAnswerSchema } from "../../../cli/desk/answers.ts";
import { STAGES } from "../../../deploy/staged/stage.ts";
import { sshConfigPath } from "../../../sandbox/ssh.ts";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { containerIds, homelabJson, on, openLab, tryOn, type Lab } from "../support/lab.ts";

const HOST = "vps";
const SUMMARY = "curl --silent --fail http://localhost:8080/summary";
const DOOR = "control-plane/observer/door.ts";
/** Those without a part. Each commit is another deployment of them, too, though it changes nothing there. */
const OTHERS = ["nas", "docker-vm"] as const;
const HELD = "/opt/homelab/state/deploy/held.json";

let lab: Lab;
let copy: CheckoutCopy;
deployedAfterwards(() => lab, HOST);

beforeAll(async () => {
  lab = await openLab();
  copy = await copyCheckout(lab);
});

afterAll(() => copy.remove());

/** Runs `homelab control-plane bootstrap` from the copy. */
async function bootstrap(): Promise<BootstrapAnswer> {
  const words = ["cli/homelab.mjs", "control-plane", "bootstrap", "--offline", "--json"];
  const env = { ...lab.env, ...copy.env };
  const { stdout, stderr } = await execa("node", words, { env, cwd: copy.folder, reject: false });
  expect(stdout, stderr).not.toBe("");
  return bootstrapAnswerSchema.parse(JSON.parse(stdout));
}

/** The commands of the guide's table, in its order. */
function recoveryCommands(): string[] {
  const guide = join(lab.settings.checkout, "docs/guides/recover-the-control-plane.md");
  const rows = readFileSync(guide, "utf8").matchAll(/^\| [^|]+ \| `([^`]+)` \|$/gm);
  return [...rows].map(([, command = ""]) => command);
}

/** Types a command of a page: `ssh` and `npx homelab` as a person would. */
async function type(command: string): Promise<void> {
  const there = command
    .replace(/^ssh /, `ssh -F ${sshConfigPath(lab.settings.folder)} `)
    .replace(/^npx homelab /, "node cli/homelab.mjs ");
  const options = { cwd: copy.folder, env: { ...lab.env, ...copy.env }, reject: false } as const;
  const { exitCode, all } = await execa("sh", ["-c", there], { ...options, all: true });
  expect(exitCode, `${command}\n${all}`).toBe(0);
}

describe("setting the control plane up from the computer that deploys", () => {
  it("deploys all hosts, and finds that each part is of this checkout and answers", async () => {
    const answer = await bootstrap();
    expect(answer, JSON.stringify(answer)).toMatchObject({ exitCode: 0, where: "desk" });
    expect(answer.rows).toMatchObject([{ check: "control plane", state: "ok" }]);
    expect(answer.deployment?.hosts).toHaveLength(3);
  });

  it("is recovered by the commands of the guide, with the world that it had", async () => {
    const queue = "cd /opt/homelab && find queue decisions -type f | sort | xargs -r sha256sum";
    const before = await on(lab, HOST, queue);
    const commands = recoveryCommands();
    expect(commands).toHaveLength(6);
    for (const command of commands) {
      // The parts say how they are some seconds after they started.
      const isSummary = command.includes("/summary");
      if (isSummary) {
        await expect
          .poll(async () => (await tryOn(lab, HOST, SUMMARY)).output, { timeout: 60_000 })
          .toContain('"fresh":3');
      }
      await type(command.replace(/bootstrap$/, "bootstrap --offline"));
    }
    expect(await on(lab, HOST, queue)).toBe(before);
  });

  it("is told by each host as it went: its stages, and how it ended", async () => {
    for (const host of [HOST, ...OTHERS]) {
      // A program that the deployment itself brings says nothing of it; this one was there before.
      const told = async (): Promise<string> => {
        const { answer } = await homelabJson(lab, ["events", "--host", host, "--limit", "1000"]);
        const rows = eventsAnswerSchema.parse(answer);
        return rows.flatMap(({ kind, text }) => (kind === "deployment" ? [text] : [])).join("\n");
      };
      await expect.poll(told, { timeout: 60_000 }).toContain("deployment ended done");
      for (const stage of STAGES) expect(await told(), host).toContain(`deployment stage ${stage}`);
    }
  });

  it("puts the old part back where the new one answers as another build, and nobody else has another container", async () => {
    const before = await containerIds(lab, HOST);
    await copy.replace(DOOR, "build: behind.build };", 'build: "another" };');
    await copy.commit("an Observer that says that it is another");
    // Held, they are refused in a second.
    for (const other of OTHERS) await on(lab, other, `echo '{}' > ${HELD}`);
    onTestFinished(async () => {
      for (const other of OTHERS) await on(lab, other, `rm ${HELD}`);
    });
    const answer = await bootstrap();
    const said = JSON.stringify(answer, undefined, 2);
    expect(answer.exitCode, said).toBe(1);
    const outcome = answer.deployment?.hosts.find(({ host }) => host === HOST);
    expect(outcome?.error?.message, said).toContain(
      "control-plane-observer answers as build another",
    );
    expect(outcome?.putBack, said).toMatchObject({
      services: ["control-plane-observer"],
      trouble: null,
    });
    const after = await containerIds(lab, HOST);
    expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual([
      "control-plane-observer",
    ]);
    expect(await on(lab, HOST, SUMMARY)).toContain('"fresh":3');
  });
});
