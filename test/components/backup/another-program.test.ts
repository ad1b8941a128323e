import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { compare, isGood, parseRestored } from "../../../cli/backup/compare.ts";
import { jobsOf, type BackupJob } from "../../../cli/backup/jobs.ts";
import { parseList } from "../../../cli/backup/list-answer.ts";
import { repositoryScript } from "../../../cli/backup/list-script.ts";
import { restoreJobs, type RestoreJob } from "../../../cli/backup/places.ts";
import { parseLook, snapshotScript } from "../../../cli/backup/restore-look.ts";
import { parseRestore } from "../../../cli/backup/restore-result.ts";
import { restoreScript } from "../../../cli/backup/restore-script.ts";
import { restoreScript as verifyScript } from "../../../cli/backup/verify-script.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { contractsOf } from "../../../model/image-catalogue.ts";
import { findProblems } from "../../../model/validate.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";
import { COPIES, TAR } from "./tar-program.ts";

const fleet = declareFleet(site, [], TAR);
const hosts = HOSTS.map((host) => fleet[host].declaration);

/** Pi-hole's job, and what it has of Pi-hole: two volumes, one with SQLite files. */
const [pihole] = restoreJobs(hosts, "pihole", undefined, TAR) as [RestoreJob];
const [job] = jobsOf(fleet["docker-vm"].declaration, TAR).filter(
  ({ sidecar }) => sidecar.name === "pihole-backup",
) as [BackupJob];
const nightly = job.sidecar.files?.find(({ target }) => target === "/backup.sh")?.content;

const MOVED = [
  COPIES,
  "/data/pihole",
  "/data/dnsmasq",
  "/state",
  "/scratch",
  "/opt/homelab",
  "/var/tmp",
];

let room: ScriptRoom;
const run = (script: string, ...args: string[]) => room.run(script, MOVED, args);
const copied = () =>
  readdirSync(room.path(`${COPIES}/pihole-backup`)).filter((name) => name.endsWith(".tar"));
const receipt = () => readFileSync(room.path("/state/last-run"), "utf8");
const text = (path: string) => readFileSync(room.path(path), "utf8");

/** Runs the job as crond does. */
function copy(): string {
  if (nightly?.kind !== "text") throw new Error("there is no job");
  const { exitCode, stdout } = run(nightly.text);
  expect(exitCode, stdout).toBe(0);
  return /^snapshot=(.*)$/m.exec(receipt())?.[1] ?? "";
}

beforeEach(() => {
  room = new ScriptRoom();
  for (const folder of [COPIES, "/state", "/scratch", "/opt/homelab", "/var/tmp"]) {
    mkdirSync(room.path(folder), { recursive: true });
  }
  room.file("/data/pihole/gravity.db", "SQLite of the first night");
  room.file("/data/pihole/custom list", "a\n");
  room.file("/data/dnsmasq/conf", "b\n");
});

describe("a household with another backup program", () => {
  it("is declared and passes every rule, and none of its jobs knows the one before", () => {
    expect(findProblems(hosts, contractsOf(hosts))).toEqual([]);
    const jobs = hosts.flatMap(({ services }) => services.filter(({ backup }) => backup));
    expect(jobs.length).toBeGreaterThan(8);
    expect(new Set(jobs.map(({ image }) => image))).toEqual(new Set([TAR.image.reference]));
    const names = hosts.flatMap(({ services }) => services.map(({ name }) => name));
    expect(names).not.toContain("restic-rest");
    const told = JSON.stringify([jobs, hosts.map(({ secrets }) => secrets)]);
    expect(told.match(/.{0,40}restic.{0,40}/i)).toBeNull();
  });

  it("sends its folder of copies away, and stops when a place of copies is gone", () => {
    const offsite = fleet.nas.declaration.services.find(({ name }) => name === "offsite-sync");
    const content = offsite?.files?.find(({ target }) => target === "/backup.sh")?.content;
    if (content?.kind !== "text") throw new Error("there is no job");
    expect(offsite?.mounts).toContainEqual(
      expect.objectContaining({ source: "/srv/copies", readOnly: true }),
    );
    expect(content.text).toContain("grep -E '^[^/]+/first$'");
    expect(content.text).not.toMatch(/restic/i);
  });
});

describe("its copies", () => {
  it("are made by the nightly job, which makes their folder once and never anew", () => {
    const id = copy();
    expect(copied()).toEqual([`${id}.tar`]);
    expect(receipt()).toContain("result=ok");
    rmSync(room.path(`${COPIES}/made`));
    if (nightly?.kind !== "text") throw new Error("there is no job");
    expect(run(nightly.text).exitCode).toBe(1);
    expect(receipt()).toMatch(/result=failed[^]*was there before: is the place of the copies well/);
  });

  it("are listed, newest first, with what each has of a place", () => {
    const list = () => parseList(run(repositoryScript(job, pihole.places)).stdout);
    expect(list()).toMatchObject({ kind: "none", snapshots: [] });
    const older = copy();
    renameSync(
      room.path(`${COPIES}/pihole-backup/${older}.tar`),
      room.path(`${COPIES}/pihole-backup/0000000100000001.tar`),
    );
    room.file("/data/pihole/more", "four");
    const newest = copy();
    const answer = list();
    expect(answer.kind).toBe("found");
    expect(answer.snapshots.map(({ id }) => id)).toEqual([newest, "0000000100000001"]);
    expect(answer.snapshots[1]?.time).toEqual(new Date(1000));
    // The database is there twice, and one to the person.
    expect([...answer.has]).toEqual([
      [0, { files: 3, bytes: 2 * 25 + 2 + 4 }],
      [1, { files: 1, bytes: 2 }],
    ]);
    expect(answer.had.get(0)?.files).toBe(2);
  });

  it("are looked at before something is put back, by an id or the newest", () => {
    const id = copy();
    const look = (wanted?: string) => {
      const { stdout } = run(snapshotScript(job, pihole.places, wanted));
      return parseLook(stdout, pihole.places);
    };
    for (const wanted of [undefined, id, id.slice(0, 10)]) {
      expect(look(wanted)).toMatchObject({
        kind: "found",
        snapshot: { id },
        others: [],
        places: [{ copy: { files: 2, bytes: 52 } }, { copy: { files: 1, bytes: 2 } }],
      });
    }
    expect(look("ffffffff")).toEqual({ kind: "none" });
  });

  it("are restored and compared with what is there", () => {
    copy();
    room.file("/data/dnsmasq/conf", "c\n");
    const { stdout } = run(`FREE_KIB=9999999\n${verifyScript(job)}`);
    // The room's folder stands before every path of the container.
    const restored = parseRestored(stdout.replaceAll(room.folder, ""));
    if (restored.kind !== "restored") throw new Error(stdout);
    const found = compare(restored, job.excludes);
    expect(isGood(found)).toBe(true);
    expect(found).toMatchObject({ changedSince: 1, damaged: [], missing: [] });
    expect(restored.copy.size).toBe(4);
  });

  it("are put in the place of what is there, which is kept", () => {
    // What belongs to the database of another moment does not come back.
    room.file("/data/pihole/gravity.db-shm", "of a process");
    const id = copy();
    room.file("/data/pihole/custom list", "lost\n");
    room.file("/data/pihole/gravity.db", "torn");
    room.program("docker", ENGINE.replaceAll("ROOM", room.folder));
    // The engine names the folders that it gives to a container.
    const onHost = MOVED.filter((path) => path !== "/scratch");
    const { stdout, stderr } = room.run(restoreScript(pihole, id, "start\n"), onHost);
    const done = parseRestore(stdout, pihole.places);
    expect(done, stderr).toMatchObject({ complete: true, problems: [] });
    expect(text("/data/pihole/custom list")).toBe("a\n");
    expect(text("/data/pihole/gravity.db")).toBe("SQLite of the first night");
    expect(existsSync(room.path("/data/pihole/gravity.db-shm"))).toBe(false);
    expect(readFileSync(`${done.kept.get("pihole-config")}/custom list`, "utf8")).toBe("lost\n");
  });

  it("stand apart when they were made before a change, whatever is made later", () => {
    const id = copy();
    const owner = { host: "pihole-backup", tag: "pihole" };
    const environment = `export COPIES=${COPIES}\n`;
    expect(run(`${environment}${TAR.job.keep("before-change")}\necho "$id"`, id).stdout).toBe(id);
    run(`${environment}${TAR.job.forget(owner, { daily: 0, weekly: 0, monthly: 0 })}`);
    expect(copied()).toEqual([`${id}.tar`]);
    rmSync(room.path(`${COPIES}/pihole-backup/${id}.tar.before-change`));
    run(`${environment}${TAR.job.forget(owner, { daily: 0, weekly: 0, monthly: 0 })}`);
    expect(copied()).toEqual([]);
  });
});

/** An engine that runs the script for beside the job's container here, with the folders it is given. */
const ENGINE = `case "$1 $2" in
"container inspect")
  case $4 in *Running*) echo true ;; *Image*) echo cafe ;; *) : ;; esac ;;
"volume inspect")
  for name; do :; done
  case $name in pihole-config) name=pihole ;; pihole-dnsmasq) name=dnsmasq ;; esac
  echo "local 0 ROOM/data/$name" ;;
"run --rm")
  moved="-e s|${COPIES}|ROOM${COPIES}|g -e s|/data/|ROOM/data/|g -e s|/state|ROOM/state|g"
  for word; do
    case $word in
    *:/room) room=\${word%:/room} ;;
    *:/scratch/*) moved="$moved -e s|/scratch/\${word##*/scratch/}|\${word%%:*}|g" ;;
    esac
  done
  sed $moved -e "s|/room|$room|g" "$room/restore.sh" | sh ;;
esac`;
