// A program by that name in place of Pulumi: what is held to here is how it is started and heard.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPulumi } from "../../workspace/pulumi-events.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "homelab-pulumi-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function pulumiThat(script: string): Promise<Record<string, string>> {
  const program = join(folder, "pulumi");
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  return { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
}

describe("a run of pulumi", () => {
  it("tells its lines as they come, and its events apart from them", async () => {
    const env = await pulumiThat(`echo "$1"; echo '{"summaryEvent":{}}'; echo aside >&2`);
    const lines: string[] = [];
    const { events } = await runPulumi(env, ["up"], { onLine: (line) => lines.push(line) });
    expect(lines.sort()).toEqual(["aside", "up"]);
    expect(events.map(({ event }) => event)).toEqual([{ summaryEvent: {} }]);
  });

  it("is followed to its end past what only begins as an event does, which is a line", async () => {
    const env = await pulumiThat(`echo '{ torn'; echo '{' >&2; echo '{"summaryEvent":{}}'`);
    const lines: string[] = [];
    const { events } = await runPulumi(env, ["up"], { onLine: (line) => lines.push(line) });
    expect(lines.sort()).toEqual(["{", "{ torn"]);
    expect(events).toHaveLength(1);
  });

  it("that fails is an error with its command and its last lines", async () => {
    const env = await pulumiThat("seq 1 20; exit 3");
    const lines: string[] = [];
    const run = runPulumi(env, ["up", "--stack", "vps"], { onLine: (line) => lines.push(line) });
    await expect(run).rejects.toMatchObject({
      code: "HL-PULUMI",
      message: expect.stringMatching(/^"pulumi up --stack vps" failed:\n6\n(\d+\n)+20$/) as string,
    });
    expect(lines).toHaveLength(20);
  });
});
