import { existsSync, readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { offsiteSync } from "../../../components/backup/offsite-sync.plan.ts";
import { BACKUP_PROGRAM } from "../../../household/backup.ts";
import { NAS_FOLDERS } from "../../../household/folders.ts";
import { HEADSCALE_COPIES } from "../../../components/networking/headscale-backup.plan.ts";
import { headscale } from "../../../components/networking/headscale.plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

const SENT = {
  sent: BACKUP_PROGRAM.sent,
  disk: NAS_FOLDERS.repositories,
  topics: { good: "well", bad: "trouble" },
  headscaleCopies: HEADSCALE_COPIES,
};
const [service] = offsiteSync(site, SENT).services;

function job(): string {
  const content = service?.files?.find(({ target }) => target === "/backup.sh")?.content;
  if (content?.kind !== "text") throw new Error("no job");
  return content.text;
}

const MOVED = [
  "/run/secrets",
  "/config/rclone",
  "/root/.ssh",
  "/data/headscale",
  "/data/restic",
  "/state",
];

/** What rclone lists at the remote: one repository, of 21 files. */
const THERE = [
  "homelab/pihole/config",
  ...Array.from({ length: 20 }, (_, n) => `homelab/pihole/data/${n}`),
];

function room(): ScriptRoom {
  const made = new ScriptRoom();
  made.program("curl");
  made.program("ssh", "tar -cf - --files-from /dev/null");
  made.file("/there", `${THERE.join("\n")}\n`);
  made.program("rclone", `case "$*" in "lsf -R"*) cat '${made.path("/there")}' ;; esac`);
  made.file("/data/restic/.homelab-export", "");
  made.file("/data/restic/homelab/pihole/config", "config");
  made.file("/state/.keep", "");
  made.file("/data/headscale/db_1.tar.gz", "copy");
  made.file("/run/secrets/ntfy-header", "Authorization: Bearer tk_secret\n");
  made.file("/config/rclone/rclone.conf", "[gdrive-crypt]\n");
  made.file("/root/.ssh/offsite-key", "key\n");
  return made;
}

const result = (made: ScriptRoom) => readFileSync(made.path("/state/last-run"), "utf8");
const sent = (made: ScriptRoom) =>
  calls(made, "rclone")
    .filter((call) => call.startsWith("sync"))
    .map((call) => call.split(" ")[2]);
const calls = (made: ScriptRoom, name: string) =>
  existsSync(made.path(`/calls/${name}`))
    ? readFileSync(made.path(`/calls/${name}`), "utf8")
        .trim()
        .split("\n")
    : [];

describe("the off-site copy", () => {
  it("fetches Headscale's copies, then sends them and the repositories away", () => {
    const made = room();
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 0 });
    expect(calls(made, "ssh")[0]).toContain(`cd ${HEADSCALE_COPIES} && find`);
    expect(sent(made)).toEqual(["gdrive-crypt:homelab/restic", "gdrive-crypt:homelab/headscale"]);
    expect(result(made)).toContain("result=ok");
  });

  it("fetches from the folder that Headscale's sidecar writes", () => {
    const [backup] = headscale(site, { hosts: [], volumes: [] }).jobs ?? [];
    expect(backup?.also?.mounts).toContainEqual(
      expect.objectContaining({ kind: "bind", source: HEADSCALE_COPIES, target: "/backups" }),
    );
  });

  it("sends the repositories although nothing could be fetched from the VPS, and tells the critical topic", () => {
    const made = room();
    made.program("ssh", "echo 'no route to host' >&2; exit 255");
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 1 });
    expect(result(made)).toMatch(/result=failed[^]*no route to host/);
    expect(sent(made)).toEqual(["gdrive-crypt:homelab/restic"]);
    expect(calls(made, "curl")[0]).toContain("trouble");
  });

  it("keeps the result of its last good run when a later one fails", () => {
    const made = room();
    made.run(job(), MOVED);
    const good = result(made);
    made.program("rclone", "echo 'no way there' >&2; exit 1");
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 1 });
    expect(readFileSync(made.path("/state/last-good"), "utf8")).toBe(good);
  });

  it("leaves Headscale's copies at the remote alone when the VPS has none any more", () => {
    const made = room();
    rmSync(made.path("/data/headscale/db_1.tar.gz"));
    made.file("/data/headscale/.keep", "");
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 1 });
    expect(sent(made)).toEqual(["gdrive-crypt:homelab/restic"]);
  });

  it.each([
    ["the data disk is away", "/data/restic", /is its disk mounted/],
    ["its marker is gone", "/data/restic/.homelab-export", /is its disk mounted/],
    ["everything was deleted", "/data/restic/homelab", /not on the NAS any more: homelab\/pihole/],
    ["a repository lost its config", "/data/restic/homelab/pihole/config", /: homelab\/pihole\./],
  ])("sends nothing and tells a person when %s", (_, lost, message) => {
    const made = room();
    rmSync(made.path(lost), { recursive: true });
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 1 });
    expect(result(made)).toMatch(message);
    expect(sent(made)).toEqual([]);
    expect(calls(made, "curl")[0]).toContain("trouble");
  });

  it("sends nothing when it cannot see what is at the remote", () => {
    const made = room();
    made.program("rclone", "echo 'couldn\\'t connect' >&2; exit 1");
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 1 });
    expect(sent(made)).toEqual([]);
  });

  it("takes a remote that has no folder yet for the first time", () => {
    const made = room();
    made.program("rclone", 'case "$*" in "lsf -R"*) exit 3 ;; esac');
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 0 });
  });

  it("may remove half of what is at the remote and a few, and keeps it beside for a time", () => {
    const made = room();
    made.run(job(), MOVED);
    const sync = calls(made, "rclone").find((call) => call.includes("/restic --max-delete"));
    expect(sync).toContain("--max-delete 20 ");
    expect(sync).toMatch(/--backup-dir gdrive-crypt:homelab\/replaced\/\d{4}-\d\d-\d\d\/restic /);
  });

  it("forgets what was replaced more than 30 days ago, and nothing younger", () => {
    const made = room();
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    made.file("/days", `${day(40)}/\n${day(20)}/\n`);
    made.program(
      "rclone",
      `case "$*" in "lsf -R"*) cat '${made.path("/there")}' ;; lsf*) cat '${made.path("/days")}' ;; esac`,
    );
    made.run(job(), MOVED);
    expect(calls(made, "rclone").filter((call) => call.startsWith("purge"))).toEqual([
      `purge gdrive-crypt:homelab/replaced/${day(40)}`,
    ]);
  });

  it("logs in to the VPS as the site says", () => {
    const vps = { provision: "existing", loginUser: "alice" } as const;
    const files = offsiteSync({ ...site, vps }, SENT).services[0]?.files ?? [];
    const content = files.find(({ target }) => target === "/backup.sh")?.content;
    expect(content?.kind === "text" && content.text).toContain(`'alice@${site.hosts.vps.mesh}' `);
  });

  it("says what to do when rclone was never set up", () => {
    const made = room();
    made.file("/config/rclone/rclone.conf", "");
    expect(made.run(job(), MOVED).stdout).toContain("docker exec -it offsite-sync rclone config");
  });

  it("stays good when only ntfy is away", () => {
    const made = room();
    made.program("curl", "exit 7");
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 0 });
    expect(result(made)).toContain("result=ok");
  });

  it("shows the token to no list of processes", () => {
    const made = room();
    made.run(job(), MOVED);
    expect(calls(made, "curl").join()).not.toContain("tk_secret");
  });

  it("has the capabilities that crond needs to start a job", () => {
    expect(service?.capabilities).toEqual(expect.arrayContaining(["SETGID", "SETUID"]));
  });
});
