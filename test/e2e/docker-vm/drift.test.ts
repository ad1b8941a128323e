// What hands changed on a host, and what changed elsewhere: drift and preview look at the same, class
// by class, and what is named is exactly what was changed, so nothing hides behind another.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { desiredPlan } from "../../../model/paths.ts";
import { projectPaths } from "../../../sandbox/project.ts";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { driftOf } from "../support/drift.ts";
import { containerIds, homelab, on, openLab, pulumi, up, type Lab } from "../support/lab.ts";
import { plannedChanges, previewLook } from "../support/planned-changes.ts";
import { allOf, HOST, seenOf, type BothLooks, type DriftClass } from "./drift-class.ts";
import { BY_HAND, BY_HAND_AGAIN, TAKEN_BACK, TAKEN_BACK_AGAIN } from "./drift-classes.ts";
import { ELSEWHERE } from "./drift-elsewhere.ts";

const PLAN = desiredPlan(HOST);
const CADDYFILE = "/opt/homelab/files/caddy/etc_caddy_Caddyfile";

let lab: Lab;
/** The plan, and a file of a service, as they were deployed; whichever commit wrote the plan. */
let declared: string;
const host = deployedAfterwards(
  () => lab,
  HOST,
  `${TAKEN_BACK}\n${TAKEN_BACK_AGAIN}\ndocker rm --force dozzle`,
);
const content = () => on(lab, HOST, `sed 's/"commit":"[^"]*"//' ${PLAN} && cat ${CADDYFILE}`);

beforeAll(async () => {
  lab = await openLab();
  declared = await content();
});

/** Brings classes about, all in one state of the host, since each look at it takes its time. */
async function bringAbout(classes: readonly DriftClass[]): Promise<void> {
  await on(lab, HOST, ["set -e", ...classes.flatMap(({ make }) => make ?? [])].join("\n"));
}

/** Looks at the host by both ways. */
async function lookBy(it: Lab): Promise<BothLooks> {
  const { rows } = await driftOf(it, [HOST]);
  return { rows, preview: await previewLook(it, HOST) };
}

/** Each class is seen by whom docs/drift.md says, and nothing else is seen. */
function expectEach(classes: readonly DriftClass[], looks: () => BothLooks): void {
  it.each(classes.map((one) => [one.what, one.seenBy, one] as const))(
    "%s: %s",
    (_what, _seenBy, one) => {
      const { rows, changes, says = [] } = one;
      expect(seenOf(one, looks())).toEqual({ rows, changes, says });
    },
  );

  it("are named by drift and by preview, and nothing else is", () => {
    expect([...looks().rows].sort()).toEqual(allOf(classes, "rows"));
    expect(looks().preview.changes).toEqual(allOf(classes, "changes"));
  });
}

/** Runs `pulumi up` and answers which containers are new, missing or others than before. */
async function mend(): Promise<string[]> {
  const before = await containerIds(lab, HOST);
  const { code, output } = await up(lab, HOST);
  expect(code, output).toBe(0);
  const after = await containerIds(lab, HOST);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

async function expectAsDeclared(): Promise<void> {
  expect(await content()).toBe(declared);
  expect(await on(lab, HOST, `systemctl is-enabled ${BOOT_UNIT}`)).toBe("enabled");
  expect(await driftOf(lab, [HOST])).toEqual({ code: 0, rows: [] });
  expect(await plannedChanges(lab, HOST)).toEqual([]);
}

describe("a deployed fleet", () => {
  it("has no drift on any host", async () => {
    expect(await driftOf(lab, [])).toEqual({ code: 0, rows: [] });
  });
});

describe("things removed, stopped, changed and added by hand", () => {
  let looks: BothLooks;
  beforeAll(async () => {
    await bringAbout(BY_HAND);
    looks = await lookBy(lab);
  });

  expectEach(BY_HAND, () => looks);

  it("are named by check", async () => {
    const { output } = await homelab(lab, ["check", HOST]);
    expect(output).toMatch(/host plan +FAILURE +missing/);
    expect(output).toMatch(/boot orchestrator +FAILURE/);
  });

  it("are mended by up, which makes no other container anew", async () => {
    await on(lab, HOST, TAKEN_BACK);
    const anew = ["bentopdf", "caddy", "cadvisor", "dozzle", "grafana", "homepage", "radarr"];
    expect(await mend()).toEqual([...anew, "watchtower"]);
    const facts = await on(
      lab,
      HOST,
      "docker inspect --format '{{.State.Health.Status}} {{.HostConfig.Memory}}' bentopdf cadvisor dozzle",
    );
    expect(facts.split("\n")).toEqual(Array(3).fill(`healthy ${128 * 1024 * 1024}`));
    await expectAsDeclared();
  });
});

describe("containers made anew, one paused, and what lies beside them changed by hand", () => {
  let looks: BothLooks;
  beforeAll(async () => {
    await bringAbout(BY_HAND_AGAIN);
    looks = await lookBy(lab);
  });

  expectEach(BY_HAND_AGAIN, () => looks);

  it("are named by check", async () => {
    const { output } = await homelab(lab, ["check", HOST]);
    expect(output).toMatch(/host plan +FAILURE +changed by hand/);
    expect(output).toMatch(/files +warning +changed by hand or missing: .*boot-orchestrator/);
  });

  it("once what somebody made is removed, are mended by up, which makes no other container", async () => {
    const adopted = await homelab(lab, ["adopt", HOST, "dozzle", "--yes"]);
    expect(adopted.code, adopted.output).toBe(0);
    await on(lab, HOST, TAKEN_BACK_AGAIN);
    expect(await mend()).toEqual(["bentopdf", "cadvisor", "dozzle", "homepage", "watchtower"]);
    await expectAsDeclared();
    host.isAsDeclared();
  });
});

describe("a new commit, a config, another stack and a state that are not what was deployed", () => {
  let copy: CheckoutCopy;
  let state: string;
  let looks: BothLooks;

  beforeAll(async () => {
    copy = await copyCheckout(lab);
    state = await mkdtemp(join(tmpdir(), "homelab-state-"));
    await cp(projectPaths(lab.settings.folder).state, state, { recursive: true });
    const env = { ...lab.env, ...copy.env, PULUMI_BACKEND_URL: `file://${state}` };
    const elsewhere = { settings: { ...lab.settings, checkout: copy.folder }, env };
    await copy.replace("components/tools/bentopdf.plan.ts", '"128MiB"', '"120MiB"');
    await copy.replace("components/core/boot-orchestrator.ts", "in order\n", "in its order\n");
    const secret = ["homelab:pihole-password", "another", "--secret", "--stack", HOST];
    const { code, output } = await pulumi(elsewhere, ["config", "set", ...secret]);
    expect(code, output).toBe(0);
    await changeState(state, "nas", ([stack]) => {
      if (stack?.outputs) stack.outputs["resticAddress"] = "198.18.77.12:9000";
    });
    await changeState(state, HOST, (resources) => {
      const app = resources.find(({ urn }) => urn.endsWith("::bentopdf-app"));
      if (app) resources.push({ ...app, urn: app.urn.replace(/bentopdf-app$/, "by-hand") });
    });
    looks = await lookBy(elsewhere);
  });

  afterAll(async () => {
    await copy.remove();
    await rm(state, { recursive: true });
  });

  expectEach(ELSEWHERE, () => looks);
});

interface Resource {
  readonly urn: string;
  readonly outputs?: Record<string, unknown>;
}

/** Changes a stack's state, in a folder that nobody deploys from. */
async function changeState(
  folder: string,
  stack: string,
  change: (resources: Resource[]) => void,
): Promise<void> {
  const file = join(folder, ".pulumi/stacks/homelab", `${stack}.json`);
  const state = JSON.parse(await readFile(file, "utf8")) as {
    checkpoint: { latest: { resources: Resource[] } };
  };
  change(state.checkpoint.latest.resources);
  await writeFile(file, JSON.stringify(state));
}
