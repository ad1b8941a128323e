// docs/guides/add-a-service.md, done in a copy of the checkout and deployed.
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectPaths } from "../../sandbox/project.ts";
import { follow, stepsOf } from "../support/guide-steps.ts";
import { copyCheckout, type CheckoutCopy } from "../e2e/support/checkout-copy.ts";
import { deployedAfterwards } from "../e2e/support/deployed-afterwards.ts";
import { containerIds, on, openLab, tryOn, up, type Lab } from "../e2e/support/lab.ts";

const HOST = "docker-vm";
const GUIDE = "docs/guides/add-a-service.md";

/** Builds the images of the copy and gives them to the sandbox's registry, as `make sandbox` does. */
const FILL = `
import { fillRegistry } from "./sandbox/fill-registry.ts";
import { silent } from "./sandbox/reporter.ts";
import { sandboxSettings } from "./sandbox/settings.ts";
import { programFolder } from "./sandbox/toolchain.ts";
const settings = sandboxSettings();
await fillRegistry(settings, await programFolder(settings, "services"), silent);
`;

let lab: Lab;
let copy: CheckoutCopy;
let lock: string;
/** Ids of the host's containers before anything was added. */
let before: Record<string, string>;

deployedAfterwards(
  () => lab,
  HOST,
  `docker rm --force miniflux miniflux-backup miniflux-db > /dev/null 2>&1; true`,
);

beforeAll(async () => {
  lab = await openLab();
  lock = projectPaths(lab.settings.folder).imageLock;
  await copyFile(lock, `${lock}.before`);
  before = await containerIds(lab, HOST);
  copy = await copyCheckout(lab);
  follow(copy.folder, stepsOf(await readFile(join(lab.settings.checkout, GUIDE), "utf8")));
  await writeFile(join(copy.folder, "fill.ts"), FILL);
  await inCopy("--import", "tsx", "fill.ts");
});

afterAll(async () => {
  await copyFile(`${lock}.before`, lock);
  await copy.remove();
});

/** Runs Node.js in the copy. */
function inCopy(...words: string[]): Promise<{ stdout: string }> {
  return execa("node", words, { cwd: copy.folder, env: { ...lab.env, ...copy.env } });
}

/** Asks the host's proxy for the new site. */
function visit(path = "/"): Promise<string> {
  const name = "feeds.homelab.test";
  return on(
    lab,
    HOST,
    `curl --insecure --silent --output /dev/null --write-out '%{http_code} %{redirect_url}' --resolve ${name}:443:127.0.0.1 --header 'Accept: text/html' https://${name}${path}`,
  );
}

describe("the service that the guide adds", () => {
  it("has its password made, is deployed, and becomes healthy; nobody's data is touched", async () => {
    const made = await inCopy("cli/homelab.mjs", "secrets", "init", HOST);
    expect(made.stdout).toMatch(/^1 secret written/);
    const { code, output } = await up(lab, HOST, [], copy.env);
    expect(code, output).toBe(0);
    const state = "docker inspect --format '{{.State.Health.Status}}' miniflux miniflux-db";
    expect(await on(lab, HOST, state)).toBe("healthy\nhealthy");
    const after = await containerIds(lab, HOST);
    for (const name of ["paperless-db", "immich-db", "vaultwarden"]) {
      expect(after[name], name).toBe(before[name]);
    }
  });

  it("is reached through the proxy, which asks for the login first", async () => {
    expect(await visit()).toMatch(/^302 https:\/\/auth\.homelab\.test\//);
  });

  it("is measured by vmagent", async () => {
    const question =
      "docker exec victoriametrics wget -qO- 'http://127.0.0.1:8428/api/v1/query?query=up{job=\"miniflux\"}'";
    const isUp = async () => (await tryOn(lab, HOST, question)).output.includes(',"1"]');
    await expect.poll(isUp, { timeout: 90_000, interval: 2_000 }).toBe(true);
  });

  it("is copied and restored, its database too", async () => {
    const sql = (text: string) =>
      on(lab, HOST, `docker exec miniflux-db psql -U miniflux -d miniflux -At -c "${text}"`);
    await sql("create table read (title text); insert into read values ('kept')");
    await on(lab, HOST, "docker exec miniflux-backup /backup.sh");
    await sql("drop table read");
    await inCopy("cli/homelab.mjs", "backup", "restore", "miniflux-db", "--yes");
    expect(await sql("select title from read")).toBe("kept");
    await on(lab, HOST, "rm -r /opt/homelab/replaced");
  });

  it("is gone once its line is deleted, and its data is kept", async () => {
    const { code, output } = await up(lab, HOST);
    expect(code, output).toBe(0);
    expect(Object.keys(await containerIds(lab, HOST)).sort()).toEqual(Object.keys(before).sort());
    expect(await on(lab, HOST, "docker volume ls --quiet")).toContain("miniflux-db-data");
    await on(lab, HOST, "docker volume ls --quiet | grep ^miniflux | xargs docker volume rm");
  });
});
