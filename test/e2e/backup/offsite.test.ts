// The copies that leave the house, by a real rclone and a real ssh over the mesh: sent, encrypted,
// brought back to the byte, and kept at the remote when the NAS loses what it sends.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKUP_PROGRAM } from "../../../household/backup.ts";
import { FOLDER_MARKER } from "../../../model/gate-script.ts";
import { quote } from "../../../model/shell-text.ts";
import { declaredSite } from "../support/declared.ts";
import { on, openLab, tryOn, type Lab } from "../support/lab.ts";

const HOST = "nas";
const SENT = BACKUP_PROGRAM.sent;
const JOB = "offsite-sync";
const REMOTE = "gdrive-crypt:homelab";
/** Where the remote keeps what is sent, in the container: a folder of the volume with the settings. */
const AWAY = "/config/rclone/away";
const VOLUMES = "/var/lib/docker/volumes";
const KEY = `${VOLUMES}/offsite-ssh/_data`;
/** Where the test puts what the NAS loses. */
const LOST = `${SENT.folder}-lost-by-the-test`;
/** Who logs in there, as docs/vps-machine.md asks: a person in group 1000. */
let person: string;

let lab: Lab;

/** Runs a script in the job's container. */
const inJob = (script: string) => on(lab, HOST, `docker exec ${JOB} sh -c ${quote(script)}`);
const run = () => tryOn(lab, HOST, `docker exec ${JOB} /backup.sh`);
/** Each file at the remote with its checksum, as it was before it was encrypted. */
const atRemote = () => inJob(`rclone hashsum md5 --download ${REMOTE} 2>/dev/null | sort -k 2`);

/** As a person sets it up: a remote, a key that the VPS lets in, and the VPS's own key. */
async function setUp(): Promise<void> {
  const site = await declaredSite(lab);
  person = site.vps.loginUser;
  await inJob(
    `rclone config create gdrive-crypt crypt remote=${AWAY} password="$(rclone obscure ${randomBytes(12).toString("hex")})" >/dev/null`,
  );
  const publicKey = await on(
    lab,
    HOST,
    `set -e; rm -f ${KEY}/offsite-key*
    ssh-keygen -q -t ed25519 -N '' -f ${KEY}/offsite-key
    ssh-keyscan -t ed25519 ${site.hosts.vps.mesh} >${KEY}/known_hosts 2>/dev/null
    cat ${KEY}/offsite-key.pub`,
  );
  await on(
    lab,
    "vps",
    `set -e; groupadd --gid 1000 ${person}; useradd --create-home --uid 1000 --gid 1000 ${person}
    install -d -m 0700 -o 1000 -g 1000 /home/${person}/.ssh
    echo ${quote(publicKey)} >/home/${person}/.ssh/authorized_keys; chown 1000 /home/${person}/.ssh/authorized_keys`,
  );
}

beforeAll(async () => {
  lab = await openLab();
  // Two repositories at least, and a copy of Headscale: its own job may not have been due yet.
  await on(
    lab,
    HOST,
    "docker exec forgejo-backup /backup.sh && docker exec coolify-backup /backup.sh",
  );
  await on(lab, "vps", "docker exec headscale-backup /homelab/copy.sh");
  await setUp();
});

afterAll(async () => {
  await on(
    lab,
    HOST,
    `[ ! -d ${LOST} ] || { cp -a ${LOST}/. ${SENT.folder}/ && rm -rf ${LOST}; }
    rm -rf ${VOLUMES}/rclone-config/_data/away ${VOLUMES}/rclone-config/_data/rclone.conf ${KEY}/*
    rm -rf ${VOLUMES}/offsite-headscale/_data/*
    docker exec ${JOB} sh -c 'rm -f /state/last-run /state/last-good /state/there'`,
  );
  await on(lab, "vps", `userdel --remove ${person} 2>&1 || true`);
});

describe("the copies that leave the house", () => {
  it("are sent with Headscale's, which are fetched from the VPS, under names and in bytes that tell nothing", async () => {
    const { code, output } = await run();
    expect(code, output).toBe(0);
    const there = await atRemote();
    const here = await inJob(
      `cd /data && md5sum $(find ${SENT.name} headscale -type f) | sort -k 2`,
    );
    const own = here.split("\n").filter((line) => !line.includes(FOLDER_MARKER));
    expect(own.length).toBeGreaterThan(10);
    expect(there.split("\n")).toEqual(expect.arrayContaining(own));
    expect(there).toMatch(/ headscale\/db_/);
    const stored = await inJob(`find ${AWAY} -type f`);
    expect(stored.split("\n").length).toBeGreaterThanOrEqual(own.length);
    expect(stored).not.toMatch(/restic|headscale|config$|db_/);
  });

  it("come back to the byte by the command of the guide", async () => {
    const back = "/tmp/back-from-the-remote";
    const sums = (folder: string) =>
      inJob(`cd ${folder} && find . -type f -exec md5sum {} + | sort -k 2`);
    await inJob(`rclone copy ${REMOTE}/${SENT.name} ${back}`);
    const returned = await sums(back);
    await inJob(`rm -rf ${back}`);
    expect(returned.split("\n").length).toBeGreaterThan(10);
    expect(returned).toBe(await sums(`/data/${SENT.name}`));
  });

  it.each([
    [
      "its disk is away",
      `mkdir ${LOST} && mv ${SENT.folder}/${FOLDER_MARKER} ${LOST}/`,
      /is its disk mounted/,
    ],
    [
      "everything in it was deleted",
      `mkdir ${LOST} && find ${SENT.folder} -mindepth 1 -maxdepth 1 ! -name ${FOLDER_MARKER} -exec mv {} ${LOST}/ \\;`,
      /at the remote and not on the NAS any more: .*forgejo/,
    ],
    [
      "one repository was deleted",
      `cd ${SENT.folder} && one=$(find . -path '*forgejo/config' -printf '%h') && mkdir -p ${LOST}/$one && rmdir ${LOST}/$one && mv $one ${LOST}/$one`,
      /at the remote and not on the NAS any more: \S*forgejo\./,
    ],
  ])(
    "are all kept at the remote when %s, and the run is a failed one",
    async (_, lose, message) => {
      const before = await atRemote();
      await on(lab, HOST, lose);
      const lost = await run();
      await on(lab, HOST, `cp -a ${LOST}/. ${SENT.folder}/ && rm -rf ${LOST}`);
      expect(lost.code, lost.output).toBe(1);
      expect(lost.output).toMatch(message);
      expect(await atRemote()).toBe(before);
      expect(await inJob("cat /state/last-run")).toMatch(/^result=failed$/m);
    },
  );

  it("are sent again when what was lost is back", async () => {
    const { code, output } = await run();
    expect(code, output).toBe(0);
  });
});
