import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { inputsOf } from "../../../deploy/staged/inputs.ts";
import { madeFrom } from "../../../deploy/staged/nothing-to-do.ts";
import { receiptSchema } from "../../../deploy/staged/receipt.ts";
import { deployReportSchema } from "../../../deploy/staged/report.ts";
import { openProject } from "../../../workspace/project.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

let fleet: ImitatedFleet;

/** How a deployment ends, and which words Pulumi was called with. */
async function deploy(
  ...words: string[]
): Promise<{ outcome: string | undefined; calls: string[] }> {
  fleet.take("pulumi-calls");
  const args = ["deploy", "nas", "--offline", "--json", "--root", fleet.root, ...words];
  const { stdout, stderr } = await runHomelab(args, fleet.env);
  expect(stdout, stderr).not.toBe("");
  const text = fleet.read("pulumi-calls") ?? "";
  return {
    outcome: deployReportSchema.parse(JSON.parse(stdout)).hosts[0]?.outcome,
    calls: text.split("\n").flatMap((line) => line.split(" ")[0] || []),
  };
}

async function inputs() {
  vi.stubEnv("PATH", fleet.env["PATH"] ?? "");
  try {
    return await inputsOf(await openProject({ PULUMI_OPTION_CWD: fleet.project }), "nas");
  } finally {
    vi.unstubAllEnvs();
  }
}

beforeAll(async () => {
  fleet = await imitateFleet();
  fleet.git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(fleet.program, ".gitignore"), "node_modules/\n");
  writeFileSync(join(fleet.program, "program.mjs"), "one");
  fleet.git("add", "--all");
  fleet.git("commit", "--quiet", "--message", "one");
}, 120_000);

describe("a second deployment", { timeout: 240_000 }, () => {
  it("of the same starts neither a preview nor an up when the host is as it was left, and does when it is not", async () => {
    expect((await deploy()).outcome).toBe("done");
    const second = await deploy();
    expect(second.outcome).toBe("nothing");
    expect(second.calls.filter((word) => word !== "stack")).toEqual([]);
    const full = await deploy("--full");
    expect(full.outcome).toBe("done");
    expect(full.calls).toContain("up");
    const look = fleet.read("look") ?? "";
    fleet.put("look", look.replace("file samba token ok", "file samba token changed"));
    expect((await deploy()).calls).toContain("up");
    fleet.put("look", look);
  });

  it("is one that starts where a person has overridden something on the host since", async () => {
    expect((await deploy()).outcome).toBe("nothing");
    const look = fleet.read("look") ?? "";
    const text = Buffer.from("services: { samba: { mem_limit: 768m } }").toString("base64");
    fleet.put("look", `override samba docker-compose.override.yml ok ${text}\n${look}`);
    expect((await deploy()).calls).toContain("up");
    fleet.put("look", look);
  });
});

describe("what a deployment is made from", { timeout: 120_000 }, () => {
  it("is the same as long as nothing changes", async () => {
    expect(await inputs()).toEqual(await inputs());
  });

  it.each([
    ["a file of the program", () => appendFileSync(join(fleet.program, "program.mjs"), "x")],
    [
      "a file of it that was changed before",
      () => appendFileSync(join(fleet.program, "program.mjs"), "y"),
    ],
    ["a new file of it", () => writeFileSync(join(fleet.program, "new.ts"), "x")],
    ["what stands in the new file", () => writeFileSync(join(fleet.program, "new.ts"), "y")],
    ["a commit", () => fleet.git("commit", "--quiet", "--all", "--message", "two")],
    [
      "the packages",
      () => {
        mkdirSync(join(fleet.program, "node_modules"));
        writeFileSync(join(fleet.program, "node_modules/.package-lock.json"), "{}");
      },
    ],
    [
      "the stack's config",
      () => appendFileSync(join(fleet.project, "Pulumi.nas.yaml"), "  other:x: 1\n"),
    ],
    ["the project's settings", () => appendFileSync(join(fleet.project, "Pulumi.yaml"), "# x\n")],
    ["a digest of an image", () => appendFileSync(join(fleet.program, "images.lock.json"), " ")],
    ["what another stack hands out", () => fleet.put("outputs-vps", '{"a":1}')],
  ])("is another after a change of %s", async (_, change) => {
    const before = await inputs();
    change();
    const after = await inputs();
    expect(after?.digest).not.toBe(before?.digest);
  });

  it("counts no more once somebody ran a plain pulumi up", async () => {
    const now = await inputs();
    const last = { version: 1, id: "x", host: "nas", commit: "c", planDigest: "p", only: null };
    const times = { by: "a", began: "b", ended: "c", durations: {}, services: {} };
    const receipt = receiptSchema.parse({ ...last, ...times, inputs: now });
    expect(madeFrom(receipt, now)).toBe(true);
    fleet.put("updated", "later");
    expect(madeFrom(receipt, await inputs())).toBe(false);
    expect(madeFrom({ ...receipt, only: "git" }, now)).toBe(false);
    expect(madeFrom({ ...receipt, inputs: undefined }, now)).toBe(false);
    expect(madeFrom(undefined, now)).toBe(false);
  });
});
