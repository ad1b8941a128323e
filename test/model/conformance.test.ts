import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conformancePage } from "../../model/conformance.ts";
import { read, unread, type ImageContract } from "../../model/image-contract.ts";
import { IMAGE_CONTRACTS } from "../support/fleet.ts";

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

describe("the page of what was read", () => {
  it("counts what was read and what was not, and claims no run that there was not", () => {
    const page = conformancePage([CONTRACT]);
    expect(page).toContain("Images: 1.");
    expect(page).toContain("Fields of their contracts: 10. Read: 4. Not read: 6.");
    expect(page).toContain("Run for real, under the house rules: none yet.");
  });

  it("has each field with its source, or why it is not known", () => {
    const page = conformancePage([CONTRACT]);
    expect(page).toContain("| tag | not read | the registry was not asked |");
    expect(page).toContain("| processes, PID 1 first | tini (init, 0:0) | Dockerfile of it |");
    expect(page).toContain("| capabilities | start: CHOWN; stop: KILL | start \\| stop |");
    expect(page).toContain("| programs for a check | none | FROM scratch |");
    expect(page).toContain("Read: owner/app at v1.0, Dockerfile.");
  });

  it("is what docs/conformance.md says", async () => {
    const page = conformancePage(IMAGE_CONTRACTS);
    await expect(page).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/conformance.md"));
  });
});
