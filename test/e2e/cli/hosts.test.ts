import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { runHomelab, type HomelabRun } from "../../cli/support/run-homelab.ts";
import { containerIds, on, openLab, up, type Lab } from "../support/lab.ts";

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});

function homelab(...words: string[]): Promise<HomelabRun> {
  return runHomelab(words, lab.env);
}

interface Row {
  readonly host: string;
  readonly check: string;
  readonly state: string;
  readonly seen: string;
}

async function rowsOf(host: string): Promise<Row[]> {
  const run = await homelab("check", host, "--json");
  return (JSON.parse(run.stdout) as { rows: Row[] }).rows;
}

describe("homelab check on a deployed NAS", () => {
  it("finds every container healthy and as declared", async () => {
    const rows = await rowsOf("nas");
    expect(rows.filter(({ check }) => check.startsWith("container "))).toEqual([]);
    expect(rows).toContainEqual(
      expect.objectContaining({
        check: "containers",
        state: "ok",
        seen: "11 of 11 healthy and as declared",
      }),
    );
    for (const check of ["ssh", "docker", "node", "secrets"]) {
      expect(rows).toContainEqual(expect.objectContaining({ check, state: "ok" }));
    }
  });

  it("names a container that was stopped by hand, and exits 2", async () => {
    await on(lab, "nas", "docker stop glances");
    try {
      const run = await homelab("check", "nas");
      expect(run.exitCode).toBe(2);
      expect(run.stdout).toMatch(/^nas +container glances +FAILURE +exited/m);
    } finally {
      await on(lab, "nas", "docker start glances");
    }
  });
});

describe("homelab adopt", () => {
  afterEach(async () => {
    await up(lab, "nas");
  });

  it("refuses the deployed container, and changes nothing", async () => {
    const before = await containerIds(lab, "nas");
    const run = await homelab("adopt", "nas", "syncthing", "--yes");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error HL-ADOPT-OURS/);
    expect(await containerIds(lab, "nas")).toEqual(before);
  });

  it("removes a container made by hand and keeps its data; then `pulumi up` makes the declared one", async () => {
    const mine = `docker rm --force syncthing >/dev/null
      image=$(docker inspect --format '{{.Image}}' samba)
      docker create --name syncthing --volume adopt-trial:/data --entrypoint sleep "$image" 60`;
    await on(lab, "nas", mine);
    expect(await rowsOf("nas")).toContainEqual(
      expect.objectContaining({ check: "container syncthing", state: "failure" }),
    );
    const asked = await homelab("adopt", "nas", "syncthing");
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain("adopt-trial at /data; the declared service does not mount it");
    expect((await homelab("adopt", "nas", "syncthing", "--yes")).exitCode).toBe(0);
    expect(await on(lab, "nas", "docker volume ls --quiet")).toContain("adopt-trial");
    expect((await up(lab, "nas")).code).toBe(0);
    const rows = await rowsOf("nas");
    expect(rows.filter(({ check }) => check === "container syncthing")).toEqual([]);
    await on(lab, "nas", "docker volume rm adopt-trial");
  });
});

describe("homelab backup verify", () => {
  const folder = "/srv/forgejo/verify-trial";

  it("calls a copy good that equals what is there, also after files were written since", async () => {
    await on(
      lab,
      "nas",
      `mkdir -p ${folder} && echo one > ${folder}/a && echo two > ${folder}/left-out`,
    );
    await on(lab, "nas", "docker exec forgejo-backup /backup.sh");
    await on(lab, "nas", `echo more >> ${folder}/a`);
    const run = await homelab("backup", "verify", "forgejo", "--json");
    expect(run.exitCode).toBe(0);
    const [result] = JSON.parse(run.stdout) as { comparison: Record<string, unknown> }[];
    expect(result?.comparison).toMatchObject({ damaged: [], missing: [] });
    expect(result?.comparison["identical"]).toBeGreaterThan(0);
  });

  it("leaves neither files nor containers behind", async () => {
    expect(await on(lab, "nas", "ls -d /var/tmp/homelab-verify.* 2>/dev/null || true")).toBe("");
  });

  it("calls a copy bad that lacks a file which was there", async () => {
    // The next run leaves the file out, as one that cannot read it would.
    await on(
      lab,
      "nas",
      `docker exec forgejo-backup sh -c 'sed "s|restic backup |restic backup --exclude=left-out |" /backup.sh > /tmp/without-b.sh && sh /tmp/without-b.sh'`,
    );
    const run = await homelab("backup", "verify", "forgejo-backup");
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain("nas/forgejo-backup: NOT GOOD");
    expect(run.stdout).toContain("/verify-trial/left-out");
    await on(lab, "nas", `rm -r ${folder} && docker exec forgejo-backup /backup.sh`);
  });
});
