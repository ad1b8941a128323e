import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { outdatedText } from "../../../cli/images/outdated-text.ts";
import { outdatedReportSchema, type OutdatedRow } from "../../../workspace/images/outdated.ts";
import type { FilledRegistry } from "../../workspace/images/imitated-images.ts";
import { projectFolder } from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitateRegistries } from "./imitated-registries.ts";

const NOW = new Date("2026-06-30T12:00:00.000Z");

const ROW: OutdatedRow = {
  image: "docker.io/library/app:1.0.0",
  services: ["app"],
  withinMajor: null,
  newest: null,
  due: null,
  moved: null,
  staysInMajor: false,
  releases: [],
  asked: NOW.toISOString(),
  problem: null,
};

describe("homelab images outdated", () => {
  let registry: FilledRegistry;
  let folder: string;

  beforeAll(async () => {
    folder = projectFolder();
    registry = await imitateRegistries();
    mkdirSync(join(folder, "program"), { recursive: true });
    writeFileSync(join(folder, "program", "images.lock.json"), '{"version":1,"images":{}}');
  });

  afterEach(() => registry.trouble("/v2/", undefined));

  afterAll(() => registry.close());

  const run = (...words: string[]) =>
    runHomelab(["images", "outdated", ...words], {
      PULUMI_OPTION_CWD: folder,
      // Nobody's logins go to the registry.
      DOCKER_CONFIG: folder,
    });

  it("says in exit code and report what is newer than the image of a service", async () => {
    registry.publish("grafana/grafana", "12.4.0", { created: "2026-01-01T00:00:00Z" });
    registry.publish("grafana/grafana", "12.4.1", { created: "2026-02-01T00:00:00Z" });
    const { exitCode, stdout } = await run("grafana", "--json");
    expect(exitCode).toBe(2);
    const { rows } = outdatedReportSchema.parse(JSON.parse(stdout));
    expect(rows).toMatchObject([
      { image: "docker.io/grafana/grafana:12.4.0", newest: { tag: "12.4.1", ready: true } },
    ]);
    expect((await run("grafana")).stdout).toContain("-> npx homelab images update grafana");
  });

  it("exits 1 and names the image when the registry wants to be left alone (R31)", async () => {
    registry.trouble("/v2/", { status: 429 });
    const { exitCode, stdout } = await run("ntfy");
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      "  docker.io/binwiederhier/ntfy:v2.19.2: docker.io was asked too often",
    );
  });

  it("refuses a name that no service has, and a time that is none", async () => {
    expect((await run("nobody")).stderr).toContain('no service is called "nobody"');
    expect((await run("ntfy", "--cool-down", "a week")).exitCode).toBe(2);
  });
});

describe("what a person reads of it", () => {
  const built = (tag: string, created: string | null, readyAt: string | null, ready: boolean) => ({
    tag,
    created,
    readyAt,
    ready,
  });

  it("is each version with its age and how long it waits", () => {
    const newest = built("1.2.0", "2026-06-29T12:00:00.000Z", "2026-07-06T12:00:00.000Z", false);
    const due = built("1.1.0", "2026-06-10T12:00:00.000Z", "2026-06-17T12:00:00.000Z", true);
    const rows = [{ ...ROW, withinMajor: newest, newest, due }];
    const text = outdatedText({ version: 1, exitCode: 2, coolDownSeconds: 1, rows }, NOW);
    expect(text).toBe(
      [
        "IMAGE                  DECLARED  SAME MAJOR               NEWEST                   OF",
        "docker.io/library/app  1.0.0     1.2.0 (24 h, waits 6 d)  1.2.0 (24 h, waits 6 d)  app",
        "                                 1.1.0 (20 d)",
        "1 image with something newer, 0 without.",
        "-> npx homelab images update app",
        "",
      ].join("\n"),
    );
  });

  it("says that an age is not known, and when a registry last answered that does not now", () => {
    const newest = built("1.2.0", null, null, false);
    const asked = "2026-06-30T09:00:00.000Z";
    const rows = [{ ...ROW, newest, asked, problem: "it was asked too often" }];
    const text = outdatedText({ version: 1, exitCode: 1, coolDownSeconds: 1, rows }, NOW);
    expect(text).toContain("1.2.0 (age unknown, waits)");
    expect(text).toContain("app:1.0.0: it was asked too often; it last answered 3 h ago");
    expect(text).toContain("The oldest answer is from 3 h ago");
  });
});
