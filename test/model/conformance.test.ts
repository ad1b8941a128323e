import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NOT_RUN } from "../../bench/conformance/not-run.ts";
import { RUNS_FILE } from "../../bench/conformance/record.ts";
import { conformancePage } from "../../model/conformance.ts";
import { parseRuns, type ConformanceRun } from "../../model/conformance-run.ts";
import { read, unread, type ImageContract } from "../../model/image-contract.ts";
import { IMAGE_CONTRACTS } from "../support/fleet.ts";

const CHECKOUT = join(import.meta.dirname, "../..");

const CONTRACT: ImageContract = {
  reference: "docker.io/library/app:1.0",
  tag: unread("the registry was not asked"),
  read: [{ repository: "owner/app", ref: "v1.0", path: "Dockerfile" }],
  processes: read([{ program: "tini", user: "0:0", role: "init" }], "Dockerfile of it"),
  capabilities: read({ start: ["CHOWN"], work: [], stop: ["KILL"] }, "start | stop"),
  checkPrograms: read([], "FROM scratch"),
  volumes: unread("not looked for"),
  ports: unread("not looked for"),
  writes: unread("not looked for"),
  firstStartOnly: unread("not looked for"),
  memoryFloor: read("64MiB", "its manual"),
  secretReader: unread("not looked for"),
  secrets: "none",
};

const RUN: ConformanceRun = {
  service: "nas/app",
  image: CONTRACT.reference,
  version: "1.0.3",
  from: "Debian 13",
  asked: "what it is | who",
  healthySeconds: 1.4,
  stoppedSeconds: 0.3,
  stopLimitSeconds: 30,
  exitCode: 0,
  peakMebibytes: 12,
  limitMebibytes: 64,
  date: "2026-11-27",
};

describe("the page of what was read and run", () => {
  it("counts what was read and what was not, and claims no run that there was not", () => {
    const page = conformancePage([CONTRACT], [], {});
    expect(page).toContain("Images: 1.");
    expect(page).toContain("Fields of their contracts: 10. Read: 4. Not read: 6.");
    expect(page).toContain("Run for real, under the house rules: 0, as 0 services.");
  });

  it("has a row for each run, and counts an image once that ran as two services", () => {
    const page = conformancePage([CONTRACT], [RUN, { ...RUN, service: "nas/other" }], {});
    expect(page).toContain("Run for real, under the house rules: 1, as 2 services.");
    expect(page).toContain(
      "| docker.io/library/app:1.0 | nas/app | 1.0.3 | Debian 13 | what it is \\| who | 1.4 s | 0.3 s of 30 s, with 0 | 12 of 64 MiB | 2026-11-27 |",
    );
  });

  it("says of each image without a run why there is none, or that its run is written, and was not made yet", () => {
    const why = { [CONTRACT.reference]: "only an image" };
    expect(conformancePage([CONTRACT], [], why)).toContain(
      "| docker.io/library/app:1.0 | only an image |",
    );
    expect(conformancePage([CONTRACT], [], {})).toContain(
      "| docker.io/library/app:1.0 | its run is written, and was not made yet |",
    );
    expect(conformancePage([CONTRACT], [RUN], why)).not.toContain("only an image");
  });

  it("has each field with its source, or why it is not known", () => {
    const page = conformancePage([CONTRACT], [], {});
    expect(page).toContain("| tag | not read | the registry was not asked |");
    expect(page).toContain("| processes, PID 1 first | tini (init, 0:0) | Dockerfile of it |");
    expect(page).toContain("| capabilities | start: CHOWN; stop: KILL | start \\| stop |");
    expect(page).toContain("| programs for a check | none | FROM scratch |");
    expect(page).toContain("Read: owner/app at v1.0, Dockerfile.");
  });

  it("is what docs/conformance.md says", async () => {
    const runs = parseRuns(await readFile(join(CHECKOUT, RUNS_FILE), "utf8"));
    const page = conformancePage(IMAGE_CONTRACTS, runs, NOT_RUN);
    await expect(page).toMatchFileSnapshot(join(CHECKOUT, "docs/conformance.md"));
  });
});
