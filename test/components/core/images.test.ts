import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { pullImages, pullStepScript } from "../../../components/core/images.ts";
import { PULL_RECORD } from "../../../hosts/images/image-look.ts";
import { knownValue } from "../../../stacks/known-value.ts";
import { recordProgram } from "../../support/recorded-program.ts";

const images = new Map([["docker.io/library/caddy:2", `sha256:${"a".repeat(64)}`]]);

/** Runs the step on this computer, where its record is somewhere else and Node.js is `node`. */
async function ran(node: string, record: (folder: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), "homelab-images-"));
  writeFileSync(join(folder, "node"), node);
  chmodSync(join(folder, "node"), 0o755);
  const path = record(folder);
  const input = pullStepScript(images, "written-7").replaceAll(
    PULL_RECORD.replace(/\/[^/]*$/, ""),
    path,
  );
  const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  const { exitCode, stdout, stderr } = await execa("sh", ["-s"], { input, env, reject: false });
  return { exitCode, stdout, stderr, path };
}

describe("the step that brings a host's images", () => {
  it("says what could not be had, and notes its token for the next look", async () => {
    const node = "#!/bin/sh\ncat > /dev/null\necho failed one\n";
    const { exitCode, stdout, path } = await ran(node, (folder) => `${folder}/state`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "failed one" });
    expect(readFileSync(`${path}/images`, "utf8")).toBe("written-7\n");
  });

  it("stops no deployment where the host can run no such program, nor where it can note nothing", async () => {
    const node = "#!/bin/sh\nexit 127\n";
    const { exitCode, stderr } = await ran(node, () => "/dev/null/state");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("images were not pulled ahead; each container has its own pulled");
    expect(stderr).toContain("the next deployment looks again");
  });
});

describe("what could not be had", () => {
  const said = { stdout: `failed sha256:${"a".repeat(64)} no route to host` };

  /** What the program learns of the step, which Pulumi answers so. */
  async function failures(answer: object): Promise<string[]> {
    const seen = { digests: [], token: "written-1" };
    const learnt: string[] = [];
    const program = async () => {
      const step = pullImages("images", { alias: "nas", images, seen }, {});
      learnt.push(...((await knownValue(step.failed)) ?? new Map()).values());
    };
    await recordProgram("nas", {}, program, { "command:local:Command images": answer });
    return learnt;
  }

  it("is what the step of this deployment says", async () => {
    expect(await failures(said)).toEqual(["no route to host"]);
  });

  it("is nothing where a deployment of some targets leaves the step as an earlier one ended it", async () => {
    expect(await failures({ ...said, stdin: "images of-an-earlier-one" })).toEqual([]);
  });
});
