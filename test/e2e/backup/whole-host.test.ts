// The copies of a host: listed, made now, compared, and brought back after its disk is gone.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CopyRow } from "../../../cli/backup/list-rows.ts";
import { everythingOf } from "../../../cli/backup/places.ts";
import { FOLDER_MARKER } from "../../../model/gate-script.ts";
import { declaredHost } from "../support/declared.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { homelab, homelabJson, on, openLab, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const HOST = "nas";
const DATABASE = "javya-db";
const WORDS = randomBytes(16).toString("hex");
/** In every volume and folder that is copied. */
const CANARY = "canary-of-the-test";
/** Whose images hand all that is there to their own user at each start, as the originals do. */
const OWNED = ["/srv/forgejo", "/var/lib/docker/volumes/syncthing-config/_data"];
/** Where what a restore replaced is kept, on whichever disk. */
const KEPT =
  "/opt/homelab/replaced /var/lib/docker/homelab-replaced /srv/homelab-replaced /srv/*/homelab-replaced /data/homelab-replaced";

let lab: Lab;
/** Every volume and folder that is copied: its folder on the host. */
let folders: string[];
let sources: string[];
const host = deployedAfterwards(() => lab, HOST);

beforeAll(async () => {
  lab = await openLab();
  sources = everythingOf(await declaredHost(lab, HOST)).flatMap(({ places }) =>
    places.map(({ source }) => source),
  );
  folders = sources
    .filter((source) => source !== DATABASE)
    .map((source) => (source.startsWith("/") ? source : `/var/lib/docker/volumes/${source}/_data`));
});

afterAll(async () => {
  await on(lab, HOST, `rm -rf ${KEPT} ${folders.map((path) => `${path}/${CANARY}`).join(" ")}`);
});

const psql = (statement: string) =>
  on(
    lab,
    HOST,
    `docker exec --interactive ${DATABASE} sh -c 'psql -At --username "$POSTGRES_USER" --dbname "$POSTGRES_DB"' <<'END'\n${statement}\nEND\n`,
  );

/** Every name in the canaries with kind, mode, owner, time and link target, and every checksum. */
const listing = () =>
  on(
    lab,
    HOST,
    folders
      .map(
        (
          path,
        ) => `cd ${path} && find ${CANARY} -printf '${path} %y %m %U:%G %T@ %p -> %l\\n' | LC_ALL=C sort
        find ${CANARY} -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`,
      )
      .join("\n"),
  );

async function listed(): Promise<{ code: number | undefined; rows: CopyRow[] }> {
  const { code, answer } = await homelabJson(lab, ["backup", "list", HOST]);
  return { code, rows: answer as CopyRow[] };
}

describe("the copies of a host", () => {
  it("are made at once when somebody asks, and are then listed as well", async () => {
    await on(
      lab,
      HOST,
      folders
        .map(
          (path) => `mkdir ${path}/${CANARY} && cd ${path}/${CANARY}
          head -c 300000 /dev/urandom > large ; head -c 100 /dev/urandom > ' two  "spaces' ; : > nothing
          ln -s ../no-such target ; chown 1000:33 large ; chmod 4750 large ; touch -d 2001-02-03 large
          ${OWNED.includes(path) ? "chown -hR 1000:1000 ." : ":"}`,
        )
        .join("\n"),
    );
    await psql(
      `drop table if exists trial; create table trial (words text); insert into trial values ('${WORDS}');`,
    );
    const run = await homelab(lab, ["backup", "run", HOST]);
    expect(run.code, run.output).toBe(0);

    const { code, rows } = await listed();
    expect(rows.filter(({ state }) => state !== "well")).toEqual([]);
    expect(code).toBe(0);
    expect(rows.map(({ source }) => source)).toEqual(sources);
    for (const row of rows) {
      expect(row.age, row.source).toBeLessThan(600);
      expect(row.size?.bytes, row.source).toBeGreaterThan(0);
    }
  });

  it("are each restored and compared, and the list says when", async () => {
    const before = await listing();
    const { code, output } = await homelab(lab, ["backup", "verify", "--all", "--host", HOST]);
    expect(code, output).toBe(0);
    expect(output).toContain("2 of 2 jobs good");
    expect(await listing()).toBe(before);
    const { rows } = await listed();
    for (const { source, verified } of rows) expect(verified?.good, source).toBe(true);
  });
});

describe("a host whose data is gone", () => {
  let before: string;

  it("is empty after the next deployment", async () => {
    before = await listing();
    const emptied = folders.filter((path) => !path.includes("/_data"));
    await on(
      lab,
      HOST,
      `docker ps --all --quiet | xargs -r docker rm --force >/dev/null
      docker volume ls --quiet | xargs -r docker volume rm >/dev/null
      find ${emptied.join(" ")} -mindepth 1 ! -name ${FOLDER_MARKER} -delete
      rm -rf /opt/homelab/state/restored /opt/homelab/state/verified`,
    );
    const { code, output } = await up(lab, HOST);
    expect(code, output).toBe(0);
    expect(await psql("select to_regclass('trial')")).toBe("");
    const left = `ls -d ${folders.map((path) => `${path}/${CANARY}`).join(" ")} 2>/dev/null | wc -l`;
    expect(await on(lab, HOST, left)).toBe("0");
    // A folder that outlived the rest, and that somebody has written to since.
    await on(lab, HOST, "echo later > /srv/forgejo/later");
  });

  it("is not taken back to the copies where something newer is there, unless a person says so", async () => {
    const { code, output } = await homelab(lab, [
      "backup",
      "restore",
      "--all",
      "--host",
      HOST,
      "--yes",
    ]);
    expect(code).toBe(1);
    expect(output).toContain("nothing was changed");
    expect(output).toMatch(/\/srv\/forgejo \([0-9a-f]+ of .*--replace-newer/);
    expect(await on(lab, HOST, "cat /srv/forgejo/later")).toBe("later");
  });

  it("has every file and every row again, and is as declared", async () => {
    const words = ["backup", "restore", "--all", "--host", HOST, "--yes", "--replace-newer"];
    const { code, output } = await homelab(lab, words);
    expect(code, output).toBe(0);
    expect(output).toContain("Everything is back.");
    expect(await listing()).toBe(before);
    expect(await psql("select words from trial")).toBe(WORDS);
    expect(
      await on(
        lab,
        HOST,
        `cat ${KEPT.split(" ")
          .map((path) => `${path}/srv_forgejo-*/later`)
          .join(" ")} 2>/dev/null || true`,
      ),
    ).toBe("later");
    await expect
      .poll(
        () =>
          on(
            lab,
            HOST,
            "docker ps --all --format '{{.Names}} {{.Status}}' | grep -v '(healthy)' || true",
          ),
        {
          timeout: 120_000,
          interval: 2_000,
        },
      )
      .toBe("");

    const again = await homelab(lab, words);
    expect(again.code, again.output).toBe(0);
    expect(again.output).toContain(`Nothing is left to put back on ${HOST}.`);
    await psql("drop table trial");
    // What the stack writes into a copied folder is as it was when that was copied.
    const mended = await up(lab, HOST);
    expect(mended.code, mended.output).toBe(0);
    expect(await plannedChanges(lab, HOST)).toEqual([]);
    host.isAsDeclared();
  });
});
