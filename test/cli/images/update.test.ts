import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { updateText } from "../../../cli/images/update-text.ts";
import type { FilledRegistry } from "../../workspace/images/imitated-images.ts";
import { projectFolder } from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitateRegistries } from "./imitated-registries.ts";

const GRAFANA = "docker.io/grafana/grafana:12.4.0";
const NEXT = "docker.io/grafana/grafana:12.4.1";

describe("homelab images update", () => {
  let registry: FilledRegistry;
  let folder: string;
  let contract: string;
  let lock: string;

  beforeAll(async () => {
    registry = await imitateRegistries();
    for (const [tag, day] of [
      ["12.4.0", 1],
      ["12.4.1", 2],
      ["13.0.0", 3],
    ] as const) {
      registry.publish("grafana/grafana", tag, { created: `2026-01-0${day}T00:00:00Z` });
    }
    folder = projectFolder();
    const sources = join(folder, "program/components/monitoring");
    mkdirSync(sources, { recursive: true });
    contract = join(sources, "grafana.image.ts");
    lock = join(folder, "program/images.lock.json");
  });

  beforeEach(() => {
    writeFileSync(contract, `  reference: "${GRAFANA}",\n`);
    writeFileSync(lock, '{"version":1,"images":{}}');
  });

  afterAll(() => registry.close());

  const run = (...words: string[]) =>
    runHomelab(["images", "update", ...words], {
      PULUMI_OPTION_CWD: folder,
      // Nobody's logins go to the registry.
      DOCKER_CONFIG: folder,
    });

  it("shows old and new with age, data and release notes, and writes source and lock", async () => {
    const { exitCode, stdout, stderr } = await run("grafana", "--yes");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/grafana\/grafana: 12\.4\.0 -> 12\.4\.1 \(\d+ d\), sha256:/);
    expect(stderr).toContain("https://github.com/grafana/grafana/releases");
    expect(stdout).toContain("written: components/monitoring/grafana.image.ts");
    expect(readFileSync(contract, "utf8")).toBe(`  reference: "${NEXT}",\n`);
    expect(JSON.parse(readFileSync(lock, "utf8"))).toHaveProperty(["images", NEXT]);
  });

  it("tells programs what was written, and what stays why", async () => {
    const { exitCode, stdout } = await run("grafana", "--yes", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      updates: [{ from: GRAFANA, to: NEXT, services: ["grafana"] }],
      stays: [],
      written: expect.arrayContaining([contract, lock]) as string[],
    });
    const again = await run("grafana", "--to", "13.0.0", "--cool-down", "9000d", "--yes", "--json");
    expect(again.exitCode).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      updates: [],
      stays: [{ isNewer: true, why: expect.stringContaining("in its cool-down") as string }],
      written: [],
    });
    expect((await run("grafana", "--json")).stderr).toContain("--json cannot ask");
  });

  it("writes nothing where nobody can answer", async () => {
    const { exitCode, stderr } = await run("grafana");
    expect([exitCode, stderr.includes("HL-CONFIRM")]).toEqual([2, true]);
    expect(readFileSync(contract, "utf8")).toContain(GRAFANA);
    expect(JSON.parse(readFileSync(lock, "utf8"))).toEqual({ version: 1, images: {} });
  });

  it("goes to another major version only when a person names it, and it is old enough", async () => {
    const waiting = await run("grafana", "--to", "13.0.0", "--cool-down", "9000d", "--yes");
    expect(waiting.exitCode).toBe(1);
    expect(waiting.stdout).toContain("13.0.0 is in its cool-down until");
    expect((await run("grafana", "--to", "13.0.0", "--yes")).exitCode).toBe(0);
    expect(readFileSync(contract, "utf8")).toContain("grafana:13.0.0");
  });

  it("exits 1 and names the lines where a person has to change it", async () => {
    writeFileSync(contract, `  reference: "${GRAFANA}",\n  other: "${GRAFANA}",\n`);
    const { exitCode, stdout } = await run("grafana", "--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`  components/monitoring/grafana.image.ts:2: other: "${GRAFANA}",`);
  });

  it.each([[["--to", "13.0.0"]], [["grafana", "ntfy", "--to", "13.0.0"]]])(
    "refuses %j: a tag is of one image",
    async (words) => {
      expect((await run(...words)).stderr).toContain("--to names a tag of one image");
    },
  );

  it("refuses a tag that the registry does not have", async () => {
    expect((await run("grafana", "--to", "99.0.0")).stderr).toContain("grafana:99.0.0 (404)");
  });
});

describe("what a person reads before an update", () => {
  it.each([
    ["one-way", "an older version does not open its data afterwards"],
    ["back", "refuses until the copy from before is put back"],
    ["closed", "npx homelab database convert"],
  ] as const)("is that a change is %s", (data, words) => {
    const update = {
      from: GRAFANA,
      to: NEXT,
      digest: `sha256:${"a".repeat(64)}`,
      created: null,
      services: ["grafana"],
      data,
      releases: [],
      files: [],
      lockFiles: [],
    };
    expect(updateText([update], [], new Date())).toContain(words);
    expect(updateText([{ ...update, data: "none" }], [], new Date())).not.toContain("data:");
  });
});
