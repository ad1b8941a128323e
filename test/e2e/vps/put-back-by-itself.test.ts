// A deployment breaks the coordinator of the mesh and does not come back; the host helps itself.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placesBelow } from "../../../deploy/staged/places.ts";
import { noteIn } from "../../../model/fallback.ts";
import {
  ARMED,
  dataRecord,
  FALLBACK,
  filesFolder,
  putBackRecord,
  ROOT,
} from "../../../model/paths.ts";
import { projectPaths } from "../../../sandbox/project.ts";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { lockUnderAnotherName } from "../support/image-lock.ts";
import { homelab, on, openLab, pulumi, tryOn, up, type Lab } from "../support/lab.ts";
import { plannedChanges, previewLook } from "../support/planned-changes.ts";

const HOST = "vps";
const SERVICE = "headscale";
const PLACES = placesBelow(ROOT);
const NOTE = putBackRecord(SERVICE);
const DATA = "/var/lib/docker/volumes/headscale-data/_data";

const CONFIG = "components/networking/headscale-config.plan.ts";
/** Without it Headscale ends before it opens its data. */
const NAMED = `base_domain: "hs.net",`;
const NAMELESS = `base_domain: "",`;

const OLD = "docker.io/headscale/headscale:0.28.0";
/** By its contract it brings the data forward. */
const NEW = "docker.io/headscale/headscale:0.29.0";
const PLAN = "components/networking/headscale.plan.ts";

/** So long the host waits here in place of a quarter of an hour. */
const QUIET_SECONDS = 10;

const CLEANED = `docker rm --force ${SERVICE}; rm -f ${PLACES.lock} ${PLACES.deploying} ${NOTE} ${dataRecord(SERVICE)}; rm -rf ${FALLBACK}`;

let lab: Lab;
let copy: CheckoutCopy;
let restoreLock: () => Promise<void>;
const host = deployedAfterwards(() => lab, HOST, CLEANED);

beforeAll(async () => {
  lab = await openLab();
  copy = await copyCheckout(lab);
  restoreLock = await lockUnderAnotherName(lab, OLD, NEW);
  await copy.replace(CONFIG, NAMED, NAMELESS);
  await copy.commit("a Headscale that does not start");
});

afterAll(async () => {
  await restoreLock();
  await copy.remove();
});

/** What a container is made of and how it is reached, without what is new in each. */
async function facts(): Promise<unknown> {
  const [container] = JSON.parse(await on(lab, HOST, `docker inspect ${SERVICE}`)) as [
    {
      Id: string;
      Config: Record<string, unknown>;
      HostConfig: unknown;
      Mounts: { Destination: string }[];
      NetworkSettings: { Networks: Record<string, { Aliases?: string[]; IPAMConfig: unknown }> };
    },
  ];
  const { Id, Config, HostConfig, Mounts, NetworkSettings } = container;
  const { Hostname: _ofIts, ...config } = Config;
  const networks = Object.entries(NetworkSettings.Networks).map(
    ([name, { Aliases, IPAMConfig }]) => [
      name,
      (Aliases ?? []).filter((alias) => alias !== Id.slice(0, 12)),
      IPAMConfig,
    ],
  );
  const mounts = Mounts.toSorted((a, b) => (a.Destination < b.Destination ? -1 : 1));
  return { config, HostConfig, mounts, networks };
}

/** Its files with owner and mode, and what of its data stays the same for ever. */
function filesAndData(): Promise<string> {
  const folder = filesFolder(SERVICE);
  return on(
    lab,
    HOST,
    `stat -c '%n %u:%g %a' ${folder}/* && sha256sum ${folder}/* ${DATA}/noise_private.key ${DATA}/marked
     docker exec ${SERVICE} headscale nodes list --output json | grep -c '"machine_key"'`,
  );
}

/** Id of the container; empty where there is none. */
async function id(): Promise<string> {
  const { output } = await tryOn(
    lab,
    HOST,
    `docker inspect --format '{{.Id}}' ${SERVICE} 2>/dev/null`,
  );
  return output.trim();
}

/** Whether a Pulumi that has the stack's lock is alive; one that ended in the middle leaves the lock. */
async function pulumiRuns(): Promise<boolean> {
  const { state } = projectPaths(lab.settings.folder);
  const folder = join(state, ".pulumi/locks/organization/homelab", HOST);
  const locks = await Promise.all(
    (await readdir(folder).catch(() => [])).map((name) =>
      readFile(join(folder, name), "utf8").catch(() => "{}"),
    ),
  );
  return locks.some((text) => existsSync(`/proc/${(JSON.parse(text) as { pid?: number }).pid}`));
}

/**
 * Deploys, and kills the deployer once it has broken the service; its Pulumi ends by itself. The host
 * waits only for some seconds from then on.
 */
async function deployAndDie(): Promise<void> {
  const before = await id();
  const words = ["deploy", HOST, "--offline", "--guard-ways-in", "--only", "networking/headscale"];
  const deployer = execa("node", ["cli/homelab.mjs", ...words], {
    env: { ...lab.env, ...copy.env },
    cwd: copy.folder,
    reject: false,
    stdio: "ignore",
  });
  const isBroken = async () => {
    const now = await id();
    return now !== "" && now !== before;
  };
  await expect.poll(isBroken, { timeout: 180_000, interval: 500 }).toBe(true);
  deployer.kill("SIGKILL");
  expect((await deployer).signal).toBe("SIGKILL");
  await expect.poll(pulumiRuns, { timeout: 120_000, interval: 500 }).toBe(false);
  await pulumi(lab, ["cancel", "--yes", "--stack", HOST]);
  await on(lab, HOST, `sed -i 's/"quietSeconds":[0-9]*/"quietSeconds":${QUIET_SECONDS}/' ${ARMED}`);
}

/** What the host did, once it has done it. */
async function noted() {
  const there = async () => (await tryOn(lab, HOST, `test -e ${NOTE}`)).code;
  await expect.poll(there, { timeout: 120_000, interval: 500 }).toBe(0);
  const note = noteIn(await on(lab, HOST, `cat ${NOTE}`));
  expect(note?.container).toBe(await id());
  const isKept = async () => (await tryOn(lab, HOST, `test -e ${FALLBACK}`)).code === 0;
  await expect.poll(isKept, { timeout: 20_000, interval: 500 }).toBe(false);
  return note;
}

describe("a deployment that breaks Headscale and does not come back", () => {
  let was: { container: unknown; rest: string };

  it("has the container that was put back by the host, with its files, and no data touched", async () => {
    await on(lab, HOST, `echo marked > ${DATA}/marked`);
    was = { container: await facts(), rest: await filesAndData() };
    await deployAndDie();
    expect(await noted()).toMatchObject({ back: true });
    expect(await facts()).toEqual(was.container);
    expect(await filesAndData()).toBe(was.rest);
    const aside = `docker inspect --format '{{.State.Running}}' ${SERVICE}.failed`;
    expect(await on(lab, HOST, aside)).toBe("false");
  });

  it("is named by the next preview and by drift", async () => {
    const { said, changes } = await previewLook(lab, HOST);
    expect(said).toContain(`${HOST} acted by itself`);
    expect(said).toContain(`the container "${SERVICE}" on ${HOST} is not as it was deployed`);
    expect(changes).toContain(`${SERVICE}-container`);
    const drift = await homelab(lab, ["drift", HOST]);
    expect(drift.code, drift.output).toBe(2);
    expect(drift.output).toContain("by the host itself");
  });

  it("is taken over by the next up, without adopt", async () => {
    const putBack = await id();
    const { code, output } = await up(lab, HOST);
    expect(code, output).toBe(0);
    expect(await id()).not.toBe(putBack);
    expect(await filesAndData()).toBe(was.rest);
    expect((await tryOn(lab, HOST, `docker inspect ${SERVICE}.failed`)).code).not.toBe(0);
    expect(await plannedChanges(lab, HOST)).toEqual([]);
  });
});

describe("one whose newer version may have brought the data forward", () => {
  it("is left as it is by the host, which says why", async () => {
    await on(lab, HOST, `rm -f ${PLACES.lock} ${PLACES.deploying} ${NOTE}`);
    await copy.replace(PLAN, "image: HEADSCALE_0_28_IMAGE.reference", `image: "${NEW}"`);
    await copy.replace(
      PLAN,
      "images: [HEADSCALE_0_28_IMAGE]",
      `images: [{ ...HEADSCALE_0_28_IMAGE, reference: "${NEW}" }]`,
    );
    await copy.commit("a newer Headscale that does not start");
    await deployAndDie();
    const broken = await id();
    const note = await noted();
    expect(note?.back).toBe(false);
    expect(note?.words).toContain("0.29.0");
    expect(await id()).toBe(broken);
    expect((await tryOn(lab, HOST, `docker inspect ${SERVICE}.failed`)).code).not.toBe(0);
    await on(lab, HOST, CLEANED);
    const { code, output } = await up(lab, HOST);
    expect(code, output).toBe(0);
    await on(lab, HOST, `rm ${DATA}/marked`);
    host.isAsDeclared();
  });
});
