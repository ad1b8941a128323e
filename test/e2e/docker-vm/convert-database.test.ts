// A PostgreSQL of another major: refused in its place, brought over by a command, and back.
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataRecord } from "../../../model/paths.ts";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { lockUnderAnotherName } from "../support/image-lock.ts";
import { containerIds, on, openLab, up, type Ended, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const PLAN = "components/documents/paperless.plan.ts";
const DATABASE = "paperless-db";
const OLD = "docker.io/library/postgres:17-alpine";
const NEW = "docker.io/library/postgres:18-alpine";
const KEPT = "/var/lib/docker/homelab-replaced/paperless-db-data-*";

let lab: Lab;
let copy: CheckoutCopy;
let start: string;
let restoreLock: () => Promise<void>;
const host = deployedAfterwards(
  () => lab,
  "docker-vm",
  `docker rm --force ${DATABASE}; rm -f ${dataRecord(DATABASE)}`,
);

beforeAll(async () => {
  lab = await openLab();
  copy = await copyCheckout(lab);
  start = (await execa("git", ["rev-parse", "HEAD"], { cwd: copy.folder })).stdout;
  // The sandbox has one PostgreSQL.
  restoreLock = await lockUnderAnotherName(lab, OLD, NEW);
  await copy.replace(PLAN, "image: POSTGRES_17_IMAGE.reference", `image: "${NEW}"`);
  await copy.replace(
    PLAN,
    "images: [POSTGRES_17_IMAGE,",
    `images: [POSTGRES_17_IMAGE, { ...POSTGRES_17_IMAGE, reference: "${NEW}" },`,
  );
  await copy.commit("another major");
});

afterAll(async () => {
  await restoreLock();
  await copy.remove();
});

/** Runs `homelab database convert` from the copy of the checkout, whose image it converts to. */
async function convert(): Promise<Ended> {
  const words = ["cli/homelab.mjs", "database", "convert", DATABASE, "--yes"];
  const run = await execa("node", words, {
    env: { ...lab.env, ...copy.env },
    cwd: copy.folder,
    all: true,
    reject: false,
    timeout: 600_000,
  });
  return { code: run.exitCode ?? -1, output: run.all, seconds: run.durationMs / 1000 };
}

function psql(statement: string): Promise<string> {
  return on(
    lab,
    "docker-vm",
    `docker exec --interactive ${DATABASE} psql -U paperless -d paperless -At <<'END'\n${statement}\nEND\n`,
  );
}

function running(): Promise<string> {
  return on(
    lab,
    "docker-vm",
    `docker inspect --format '{{.Config.Image}} {{.State.Running}}' ${DATABASE}`,
  );
}

describe("a PostgreSQL of another major", () => {
  it("is refused in its place, with the command that brings its data over", async () => {
    await psql(
      "drop table if exists trial; create table trial (id serial primary key, words text unique); insert into trial (words) select 'row ' || n from generate_series(1, 2000) n;",
    );
    const ids = await containerIds(lab, "docker-vm");
    const { code, output } = await up(lab, "docker-vm", [], copy.env);
    expect(code).not.toBe(0);
    expect(output).toContain(`${DATABASE} on docker-vm cannot go from 17-alpine to 18-alpine`);
    expect(output).toContain(`npx homelab database convert ${DATABASE} --host docker-vm`);
    expect(await containerIds(lab, "docker-vm")).toEqual(ids);
  });

  it("is converted, compared, and runs with every row after the next deployment", async () => {
    const done = await convert();
    expect(done.code, done.output).toBe(0);
    expect(done.output).toContain("each equal row for row before and after");
    const { code, output } = await up(lab, "docker-vm", [], copy.env);
    expect(code, output).toBe(0);
    expect(await running()).toMatch(/18-alpine@.* true$/);
    expect(await psql("select count(*), max(id) from trial")).toBe("2000|2000");
    expect(
      await on(lab, "docker-vm", "docker inspect --format '{{.State.Running}}' paperless-ngx"),
    ).toBe("true");
    expect(
      await on(lab, "docker-vm", `ls ${KEPT}/PG_VERSION; docker volume ls --quiet`),
    ).not.toContain("converted");
  });

  it("has nothing to convert when it runs as declared", async () => {
    const again = await convert();
    expect([again.code, again.output]).toEqual([
      0,
      `${DATABASE} on docker-vm runs ${NEW} already, as declared.`,
    ]);
  });

  it("goes back the same way, and leaves nothing to change", async () => {
    await psql("delete from trial where id > 1000");
    await copy.checkout(start);
    const done = await convert();
    expect(done.code, done.output).toBe(0);
    const { code, output } = await up(lab, "docker-vm", [], copy.env);
    expect(code, output).toBe(0);
    expect(await running()).toMatch(/17-alpine@.* true$/);
    expect(await psql("select count(*) from trial")).toBe("1000");
    expect(await plannedChanges(lab, "docker-vm", copy.env)).toEqual([]);
    await psql("drop table trial");
    await on(lab, "docker-vm", `rm -r ${KEPT}`);
    host.isAsDeclared();
  });
});
