// The image of a service with data changes, and somebody goes back.
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataRecord } from "../../../model/paths.ts";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { lockUnderAnotherName } from "../support/image-lock.ts";
import { containerIds, homelab, on, openLab, preview, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const SERVICE = "changedetection";
const SIDECAR = "headscale-backup";
const OLD = "ghcr.io/dgtlmoon/changedetection.io:0.50.43";
const NEW = "ghcr.io/dgtlmoon/changedetection.io:0.50.44";
const PLAN = "components/scraping/scraping.plan.ts";
const DATA = "/var/lib/docker/volumes/changedetection-data/_data";
const RECORD = dataRecord(SERVICE);

let lab: Lab;
let copy: CheckoutCopy;
let start: string;
let before: Record<string, string>;
let restoreLock: () => Promise<void>;
const host = deployedAfterwards(() => lab, "vps", `docker rm --force ${SERVICE}; rm -f ${RECORD}`);

beforeAll(async () => {
  lab = await openLab();
  copy = await copyCheckout(lab);
  start = (await execa("git", ["rev-parse", "HEAD"], { cwd: copy.folder })).stdout;
  restoreLock = await lockUnderAnotherName(lab, OLD, NEW);
  await copy.replace(PLAN, "image: CHANGEDETECTION_0_50_IMAGE.reference", `image: "${NEW}"`);
  await copy.replace(
    PLAN,
    "images: [SOCKPUPPETBROWSER_0_0_IMAGE, CHANGEDETECTION_0_50_IMAGE]",
    `images: [SOCKPUPPETBROWSER_0_0_IMAGE, CHANGEDETECTION_0_50_IMAGE, { ...CHANGEDETECTION_0_50_IMAGE, reference: "${NEW}" }]`,
  );
  await copy.commit("a newer version");
  before = await containerIds(lab, "vps");
});

afterAll(async () => {
  await restoreLock();
  await copy.remove();
});

function imageOf(service: string): Promise<string> {
  return on(lab, "vps", `docker inspect --format '{{.Config.Image}}' ${service}`);
}

/** The lines of the service's record: their kind and their last word, an image or a snapshot. */
async function recorded(): Promise<string[]> {
  const lines = (await on(lab, "vps", `cat ${RECORD}`)).split("\n");
  return lines.map((line) => `${line.split(" ")[0]} ${line.split(" ").at(-1)?.split("@")[0]}`);
}

/** The snapshot that stands before the newer version. */
async function snapshot(): Promise<string> {
  const line = (await recorded()).findLast((each) => each.startsWith("copy "));
  return line?.slice("copy ".length) ?? "";
}

describe("a newer image of a service with data", () => {
  it("is named by a preview together with who copies the data first", async () => {
    await on(lab, "vps", `echo old > ${DATA}/written-before`);
    // As if the last copy were long ago.
    await on(
      lab,
      "vps",
      `docker exec ${SIDECAR} sh -c '[ ! -e /state/last-run ] || sed -i "s/^started=.*/started=1/" /state/last-run'`,
    );
    const { code, output } = await preview(lab, "vps", [], copy.env);
    expect(code, output).toBe(0);
    expect(output).toContain(`before the image of ${SERVICE} changes`);
    expect(output).toContain(SIDECAR);
    expect(await plannedChanges(lab, "vps", copy.env)).toContain("data-guard");
  });

  it("comes after a copy, which is kept and noted on the host", async () => {
    const { code, output } = await up(lab, "vps", [], copy.env);
    expect(code, output).toBe(0);
    expect(output).toContain(`copying before ${SERVICE} changes: ${SIDECAR}`);
    expect(await imageOf(SERVICE)).toContain("0.50.44@");
    expect((await recorded()).slice(-3)).toEqual([
      `image ${OLD}`,
      `copy ${await snapshot()}`,
      `image ${NEW}`,
    ]);
    const after = await containerIds(lab, "vps");
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    // The Supervisor compares with what is declared when it starts, so another image starts it anew.
    expect(changed.sort()).toEqual([SERVICE, "control-plane-supervisor"].sort());
    await on(lab, "vps", `echo new > ${DATA}/written-after`);
  });
});

describe("going back below it", () => {
  it("is announced and refused with the command that restores, and touches no container", async () => {
    await copy.checkout(start);
    const ids = await containerIds(lab, "vps");
    const refusal = `${SERVICE} on vps cannot go back from 0.50.44 to 0.50.43`;
    const command = `npx homelab backup restore ${SERVICE} --host vps --snapshot ${await snapshot()} --leave-stopped`;
    const announced = await preview(lab, "vps", [], copy.env);
    expect(announced.code, announced.output).toBe(0);
    const refused = await up(lab, "vps", [], copy.env);
    expect(refused.code).not.toBe(0);
    for (const { output } of [announced, refused]) {
      expect(output).toContain(refusal);
      expect(output).toContain(command);
    }
    expect(await containerIds(lab, "vps")).toEqual(ids);
  });

  it("is done once the copy was put back, and leaves nothing to change", async () => {
    const command = ["backup", "restore", SERVICE, "--host", "vps", "--leave-stopped", "--yes"];
    const restored = await homelab(lab, [...command, "--snapshot", await snapshot()]);
    expect(restored.code, restored.output).toBe(0);
    expect(await recorded()).toContain(`restored ${OLD}`);

    const { code, output } = await up(lab, "vps", [], copy.env);
    expect(code, output).toBe(0);
    expect(await imageOf(SERVICE)).toContain("0.50.43@");
    expect(await on(lab, "vps", `cat ${DATA}/written-before; ls ${DATA}`)).toMatch(/^old\n/);
    expect(await on(lab, "vps", `ls ${DATA}`)).not.toContain("written-after");
    expect(await plannedChanges(lab, "vps", copy.env)).toEqual([]);
    await on(lab, "vps", `rm -r ${DATA}/written-before /var/lib/docker/homelab-replaced`);
    host.isAsDeclared();
  });
});
