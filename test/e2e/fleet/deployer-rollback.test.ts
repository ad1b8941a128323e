// `homelab rollback` on a deployed host: across a commit and back, held until it is released;
// `homelab images prune` there, beside the receipts that it leaves; and a deployment that puts back
// what it left unhealthy.
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pruneReportSchema } from "../../../deploy/images/prune-report.ts";
import { receiptSchema } from "../../../deploy/staged/receipt.ts";
import { deployReportSchema, type HostOutcome } from "../../../deploy/staged/report.ts";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { containerIds, homelabJson, on, openLab, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const HOST = "nas";
const PLAN = "components/monitoring/glances.plan.ts";
const LIMIT = `memory: "256MiB", cpus: 0.5`;
const CHECK = '"CMD-SHELL", `curl -sf http://127.0.0.1:${PORT}/api/4/cpu || exit 1`],';
const FAILING = '"CMD-SHELL", "exit 1"], interval: "1s", retries: 1, startPeriod: "1s",';
const RENDERING = "components/core/file-content.ts";
const TEXT = "return content.text;";
/** Of the NAS's services Forgejo alone has such a line, in the script that starts it. */
const OTHER_TEXT = `return content.text.replace("if ! grep", "exit 1; if ! grep");`;
const OTHER_LIMIT = `memory: "272MiB", cpus: 0.5`;

let lab: Lab;
let copy: CheckoutCopy;
deployedAfterwards(() => lab, HOST, "rm -f /opt/homelab/state/deploy/held.json");

beforeAll(async () => {
  lab = await openLab();
  copy = await copyCheckout(lab);
});

afterAll(() => copy.remove());

/** Runs `homelab … --json` from the copy. */
async function homelab(
  ...words: string[]
): Promise<{ code: number | undefined; outcome: HostOutcome }> {
  const { exitCode, stdout, stderr } = await execa(
    "node",
    ["cli/homelab.mjs", ...words, "--json"],
    {
      env: { ...lab.env, ...copy.env },
      cwd: copy.folder,
      reject: false,
    },
  );
  expect(stdout, stderr).not.toBe("");
  const [outcome] = deployReportSchema.parse(JSON.parse(stdout)).hosts;
  if (!outcome) throw new Error("the report has no host");
  return { code: exitCode, outcome };
}

/** What the container is made of, without what is new in every container. */
function facts(): Promise<string> {
  const format =
    "{{.Config.Image}} {{.HostConfig.Memory}} {{json .Config.Env}} {{json .Config.Labels}}";
  return on(lab, HOST, `docker inspect --format '${format}' glances`);
}

describe("going back over a commit that gave a service another limit", () => {
  it("puts back exactly the container that was, holds the host, and leaves everybody else alone", async () => {
    const first = await homelab("deploy", HOST, "--offline", "--full");
    expect(first.code, JSON.stringify(first.outcome)).toBe(0);
    const [before, ids] = [await facts(), await containerIds(lab, HOST)];

    await copy.replace(PLAN, LIMIT, OTHER_LIMIT);
    await copy.commit("another limit");
    const second = await homelab("deploy", HOST, "--offline");
    expect(second.code, JSON.stringify(second.outcome)).toBe(0);
    expect(await facts()).not.toBe(before);

    const back = await homelab("rollback", HOST, "--yes");
    expect(back.code, JSON.stringify(back.outcome, undefined, 2)).toBe(0);
    expect(await facts()).toBe(before);
    const after = await containerIds(lab, HOST);
    expect(Object.keys(ids).filter((name) => ids[name] !== after[name])).toEqual(["glances"]);

    const refused = await homelab("deploy", HOST, "--offline");
    expect(refused.code).toBe(1);
    expect(refused.outcome.error?.code).toBe("HL-DEPLOY-HELD");
    const release = ["cli/homelab.mjs", "release", HOST];
    await execa("node", release, { env: { ...lab.env, ...copy.env }, cwd: copy.folder });
    expect(await plannedChanges(lab, HOST)).toEqual([]);
  });
});

describe("old images of the host", () => {
  const unused = "nicolargo/glances:unused";
  const stopped = "nicolargo/glances:stopped";
  const foreign = "example.org/foreign:1";

  /** Names of all images, by tag. */
  const tags = async (): Promise<string[]> =>
    (await on(lab, HOST, "docker image ls --format '{{.Repository}}:{{.Tag}}'")).split("\n");
  /** Ids of all images that containers were made from; fails when one is gone. */
  const inUse = (): Promise<string> =>
    on(
      lab,
      HOST,
      `docker ps --all --quiet --no-trunc | xargs docker inspect --format '{{.Image}}' | sort -u |
        xargs docker image inspect --format '{{.Id}}'`,
    );

  it("go when nobody needs them; those of stopped containers and of others stay", async () => {
    await on(
      lab,
      HOST,
      `for image in ${unused} ${stopped} ${foreign}; do
        tar -cf - --files-from /dev/null | docker import --message "$image" - "$image" || exit 1
      done
      docker create --name prune-stopped --network none ${stopped} /none`,
    );
    try {
      const before = await inUse();
      // What other tests left here may go as well, but for what receipts name.
      const prune = ["images", "prune", HOST, "--keep", "99"];
      const shown = await homelabJson(lab, [...prune, "--dry-run"]);
      expect(await tags()).toContain(unused);
      const { code, answer } = await homelabJson(lab, [...prune, "--yes"]);
      expect(code, JSON.stringify(answer)).toBe(0);
      const [planned] = pruneReportSchema.parse(shown.answer).hosts;
      const [done] = pruneReportSchema.parse(answer).hosts;
      expect(done).toMatchObject({ outcome: "done", stayed: [], removed: planned?.removed });
      expect(done?.removed.flatMap(({ names }) => names)).toContain(unused);
      expect(done?.foreign.flatMap(({ names }) => names)).toContain(foreign);
      // It was deployed twice by its receipts, and every image of these is there.
      expect(done?.reach?.deployments).toBeGreaterThanOrEqual(2);
      const left = await tags();
      expect(left).not.toContain(unused);
      expect(left).toEqual(expect.arrayContaining([stopped, foreign]));
      expect(await inUse()).toBe(before);
    } finally {
      await on(
        lab,
        HOST,
        `docker rm prune-stopped; docker image rm ${stopped} ${foreign}; docker image rm ${unused} || true`,
      );
    }
  });
});

describe("a deployment that leaves a service unhealthy", () => {
  it("fails, and with --rollback-on-failure has the container that was, and nobody else another", async () => {
    const [before, ids] = [await facts(), await containerIds(lab, HOST)];
    await copy.replace(PLAN, CHECK, FAILING);
    await copy.commit("a check that fails");
    const { code, outcome } = await homelab(
      ...["deploy", HOST, "--offline", "--rollback-on-failure"],
    );
    const said = JSON.stringify(outcome, undefined, 2);
    expect([code, outcome.outcome], said).toEqual([1, "failed"]);
    expect(outcome.putBack, said).toMatchObject({ services: ["glances"], trouble: null });
    expect(await facts()).toBe(before);
    const after = await containerIds(lab, HOST);
    expect(Object.keys(ids).filter((name) => ids[name] !== after[name])).toEqual(["glances"]);
    const left = await on(lab, HOST, `cat ${outcome.receipt ?? ""}`);
    const receipt = receiptSchema.parse(JSON.parse(left));
    expect(receipt.putBack?.services).toEqual(["glances"]);
    expect(await plannedChanges(lab, HOST, copy.env)).toContain("glances-container");
  });

  it("puts back one that is declared as it was, and got another file from the code that writes them", async () => {
    const start = "sha256sum /opt/homelab/files/forgejo/*";
    const [before, ids] = [await on(lab, HOST, start), await containerIds(lab, HOST)];
    await copy.replace(PLAN, FAILING, CHECK);
    await copy.replace(PLAN, OTHER_LIMIT, LIMIT);
    await copy.replace(RENDERING, TEXT, OTHER_TEXT);
    await copy.commit("a Forgejo that ends at once");
    const { code, outcome } = await homelab(
      ...["deploy", HOST, "--offline", "--rollback-on-failure"],
    );
    const said = JSON.stringify(outcome, undefined, 2);
    expect([code, outcome.outcome], said).toEqual([1, "failed"]);
    expect(outcome.putBack, said).toMatchObject({ services: ["forgejo"], trouble: null });
    expect(await on(lab, HOST, start)).toBe(before);
    const after = await containerIds(lab, HOST);
    expect(Object.keys(ids).filter((name) => ids[name] !== after[name])).toEqual(["forgejo"]);
  });
});
