import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { pullStepScript } from "../../../components/core/images.ts";
import { PULL_RECORD } from "../../../hosts/images/image-look.ts";

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
