import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { setLink } from "../../../sandbox/network.ts";
import { fasterAlerts } from "../support/faster-alerts.ts";
import { on, openLab, tryOn, type Lab } from "../support/lab.ts";
import { untilLeftAlone } from "../support/left-alone.ts";
import { exporterOf, smallDisk, type SmallDisk } from "../support/small-disk.ts";
import { Reader, type Told } from "../support/told.ts";

const HOME = "docker-vm";
/** Services that nothing else needs. */
const [STOPPED, FLAPPING] = ["bentopdf", "homepage"];
/** A job whose copies are moved away, and one whose data is. */
const [BROKEN, SHRUNK] = ["pihole-backup", "homeassistant-backup"];
const REPOSITORY = "/srv/backup/restic/homelab/pihole";
const DATA = "/var/lib/docker/volumes/homeassistant-config/_data/alarms-trial";
const DISK = "/full-disk";
/** ntfy lets a visitor ask 60 times, and once more each five seconds. */
const SOON = { timeout: 180_000, interval: 3000 };

let lab: Lab;
let reader: Reader;
let disk: SmallDisk;
/** Of the VPS, when nothing had happened yet. */
let start: number;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  lab = await openLab();
  reader = await Reader.open(lab);
  await Promise.all([
    fullDisk(),
    faster(),
    on(lab, HOME, `docker exec ${BROKEN} /backup.sh`),
    on(
      lab,
      HOME,
      `head -c 3M /dev/urandom >${DATA}; docker exec ${SHRUNK} rm -f /state/sizes
for copy in 1 2 3; do docker exec ${SHRUNK} /backup.sh; done`,
    ),
  ]);
  for (const host of ["vps", "nas", HOME] as const) await untilLeftAlone(lab, host);
  start = Number(await on(lab, "vps", "date +%s"));
});

afterAll(async () => {
  await setLink(lab.settings, "nas", "restore");
  await tryOn(lab, "vps", "docker start ntfy");
  await tryOn(lab, HOME, `docker start ${STOPPED} ${FLAPPING}; rm -f ${DATA}`);
  await tryOn(lab, "nas", `[ ! -d ${REPOSITORY}.away ] || mv ${REPOSITORY}.away ${REPOSITORY}`);
  for (const each of undo.toReversed()) await each();
});

async function fullDisk(): Promise<void> {
  disk = await smallDisk(lab, HOME, DISK);
  undo.push(() => disk.remove());
  undo.push(await exporterOf(lab, HOME, DISK));
}

async function faster(): Promise<void> {
  undo.push(await fasterAlerts(lab, ["DiskSpaceLow", "DiskSpaceCritical"]));
}

/**
 * What a person was told: of the control plane "began: " or "ended: " and the cause, of Alertmanager
 * what it calls it. Of its alerts only those of the disk: what this computer does is no fault.
 */
async function told(): Promise<string[]> {
  return (await reader.since(start)).flatMap((message) => inShort(message)).sort();
}

function inShort({ title, tags: [kind] = [] }: Told): string[] {
  if (kind === "began" || kind === "ended") return [`${kind}: ${title.split(" ")[0]}`];
  return title.includes("DiskSpace") ? [title.replace(/^\P{L}+/u, "")] : [];
}

function both(cause: string): string[] {
  return [`began: ${cause}`, `ended: ${cause}`];
}

/** Until it was told that these began, whatever else was. */
async function untilBegan(causes: readonly string[]): Promise<void> {
  const news = causes.map((cause) => `began: ${cause}`);
  await vi.waitFor(async () => {
    expect(await told()).toEqual(expect.arrayContaining(news));
  }, SOON);
}

/** Fills the disk, stops a service, and has two copies fail. */
async function breakThings(): Promise<void> {
  await Promise.all([
    disk.fill(2),
    on(lab, HOME, `docker stop ${STOPPED}`),
    on(lab, "nas", `mv ${REPOSITORY} ${REPOSITORY}.away`),
    on(lab, HOME, `rm ${DATA}`),
  ]);
  const runs = [BROKEN, SHRUNK].map((job) => tryOn(lab, HOME, `docker exec ${job} /backup.sh`));
  expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([1, 1]);
}

async function mendCopies(): Promise<void> {
  await on(lab, "nas", `mv ${REPOSITORY}.away ${REPOSITORY}`);
  await Promise.all([
    on(lab, HOME, `docker exec ${BROKEN} /backup.sh`),
    on(lab, HOME, `docker exec ${SHRUNK} sh -c 'rm /state/sizes && /backup.sh'`),
  ]);
}

/** Comes and goes, each time for less than is told, until the signal comes. */
async function flap(service: string, signal: AbortSignal): Promise<void> {
  const state = `docker inspect --format '{{.State.Health.Status}}' ${service}`;
  while (!signal.aborted) {
    await on(
      lab,
      HOME,
      `docker stop --time 1 ${service}; sleep 3; docker start ${service}
until [ "$(${state})" = healthy ]; do sleep 0.5; done`,
    );
  }
}

const COPIES = [`${HOME}/${BROKEN}`, `${HOME}/${SHRUNK}`];
const MENDED = [`${HOME}/${STOPPED}`, `${HOME}/${FLAPPING}`, ...COPIES];

describe("faults at the same time", () => {
  it("are one message each: a stopped container, a flapping one, a failed copy, a far smaller one, a full disk", async () => {
    const isTold = new AbortController();
    const flapped = flap(FLAPPING, isTold.signal);
    try {
      await breakThings();
      await untilBegan(COPIES);
      // It takes longest to be told, and nothing here needs it any more.
      await mendCopies();
      await setLink(lab.settings, "nas", "cut");
      await untilBegan([`${HOME}/${FLAPPING}`]);
    } finally {
      isTold.abort();
      await flapped;
    }
    await vi.waitFor(async () => {
      // What was mended may be well already.
      expect((await told()).filter((one) => !one.startsWith("ended"))).toEqual(
        ["Alert: DiskSpaceCritical", ...MENDED.map((cause) => `began: ${cause}`)].sort(),
      );
    }, SOON);
    const messages = await reader.since(start);
    const about = (cause: string) => messages.find(({ title }) => title.startsWith(cause));
    expect(about(`${HOME}/${BROKEN}`)?.title).toContain("the repository cannot be opened");
    expect(about(`${HOME}/${SHRUNK}`)?.title).toMatch(/has \d+ bytes, and each of the last 3 had/);
  });

  it("are told, with their ends and a host that is lost meanwhile, by an ntfy that was away, which is told too", async () => {
    const isLost = "grep --quiet unreachable /opt/homelab/world/nas.json";
    await vi.waitFor(() => on(lab, "vps", isLost), SOON);
    await on(lab, "vps", "docker stop ntfy");
    await disk.empty();
    await on(lab, HOME, `docker start ${STOPPED}`);
    const outbox = "grep --files-with-matches nas /opt/homelab/outbox/ntfy/*.json";
    await vi.waitFor(() => on(lab, "vps", outbox), SOON);
    expect((await tryOn(lab, "vps", "docker exec ntfy true")).code).not.toBe(0);
    await setLink(lab.settings, "nas", "restore");
    await on(lab, "vps", "docker start ntfy");
    const all = [...MENDED, "nas", "vps/ntfy"].flatMap(both);
    await vi.waitFor(async () => {
      expect(await told()).toEqual(
        [...all, "Alert: DiskSpaceCritical", "Resolved: DiskSpaceCritical"].sort(),
      );
    }, SOON);
  });

  it("leave nothing behind that was not taken", async () => {
    expect(await on(lab, "vps", "find /opt/homelab/outbox -name '*-*.json'")).toBe("");
  });
});
