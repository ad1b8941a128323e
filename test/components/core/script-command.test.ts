import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect, it, vi } from "vitest";
import {
  digestOf,
  openScratch,
  RUN_SCRIPT,
  scratchFolder,
} from "../../../components/core/handed-script.ts";
import { scriptCommand } from "../../../components/core/script-command.ts";

const SCRIPT = { run: "sh -s", script: "echo secret\n" };
const named = `some-files ${digestOf(SCRIPT)}`;

/** Declares a command in a preview, or in a deployment, and answers what Pulumi gets of it. */
async function declared(preview: boolean): Promise<{ create: unknown; stdin: unknown }> {
  let got: Record<string, unknown> = {};
  const newResource = ({ inputs, name }: pulumi.runtime.MockResourceArgs) => {
    got = inputs as Record<string, unknown>;
    return { id: `${name}-id`, state: {} };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "homelab", "nas", preview);
  const script = pulumi.secret(SCRIPT.script);
  const made = scriptCommand("some-files", { run: SCRIPT.run, script }, {});
  await new Promise((resolve) => made.urn.apply(resolve));
  return { create: got["create"], stdin: got["stdin"] };
}

it("gives Pulumi the name of a script, which stays a secret where the script is one, and leaves the script itself to a deployment", async () => {
  vi.stubEnv("TMPDIR", mkdtempSync(join(tmpdir(), "scratch-")));
  const preview = await declared(true);
  expect(preview).toEqual({
    create: RUN_SCRIPT,
    stdin: expect.objectContaining({ value: named }) as unknown,
  });
  expect(existsSync(scratchFolder())).toBe(false);
  expect(await declared(false)).toEqual(preview);
  expect(existsSync(`${openScratch()}/${digestOf(SCRIPT)}`)).toBe(true);
  vi.unstubAllEnvs();
});
