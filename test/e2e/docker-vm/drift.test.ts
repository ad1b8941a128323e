// What hands changed on a host. All at once, since each look at a host takes its time: what is named
// is exactly what was changed, so nothing hides behind another.
import { beforeAll, describe, expect, it } from "vitest";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { desiredPlan } from "../../../model/paths.ts";
import { driftOf } from "../support/drift.ts";
import { containerIds, homelab, on, openLab, preview, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const HOST = "docker-vm";
const PLAN = desiredPlan(HOST);
const CADDYFILE = "/opt/homelab/files/caddy/etc_caddy_Caddyfile";
const DROP_IN = `/etc/systemd/system/${BOOT_UNIT}.d`;

let lab: Lab;
/** The plan, and a file of a service, as they were deployed; whichever commit wrote the plan. */
let declared: string;
const content = () => on(lab, HOST, `sed 's/"commit":"[^"]*"//' ${PLAN} && cat ${CADDYFILE}`);

beforeAll(async () => {
  lab = await openLab();
  declared = await content();
});

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
  expect(await plannedChanges(lab, HOST)).toEqual([]);
}

/** A container and its health gate, as resources are named. */
const made = (...services: string[]) =>
  services.flatMap((name) => [`${name}-container`, `${name}-gate`]);

describe("a deployed fleet", () => {
  it("has no drift on any host", async () => {
    expect(await driftOf(lab, [])).toEqual({ code: 0, rows: [] });
  });
});

describe("two containers removed, one with its network, one stopped and one with another limit, a file changed, the plan gone and the boot unit disabled", () => {
  it("are named by drift and by preview, and nothing else is", async () => {
    await on(
      lab,
      HOST,
      `set -e
docker rm --force dozzle
docker rm --force watchtower
docker network rm maintenance-net
docker stop bentopdf
docker update --memory 200m --memory-swap 200m cadvisor
echo '# by hand' >> ${CADDYFILE}
rm ${PLAN}
systemctl --quiet disable ${BOOT_UNIT}`,
    );
    const drift = await driftOf(lab, [HOST]);
    expect(drift.code).toBe(2);
    expect(drift.rows.sort()).toEqual([
      "container bentopdf stopped: state running -> exited with *",
      "container cadvisor changed: memory 128 MiB -> 200 MiB",
      "container dozzle missing: container running -> -",
      "container watchtower missing: container running -> -",
      "files caddy changed: content as written -> changed by hand, or gone",
      "network maintenance-net missing: network there -> -",
      `plan ${HOST} missing: content * -> -`,
      "unit boot-orchestrator changed: content as written -> changed by hand, or gone",
    ]);
    const named = [
      ...made("bentopdf", "caddy", "cadvisor", "dozzle", "watchtower"),
      ...["boot-orchestrator", "caddy-files", "host-plan", "maintenance-net-network"],
    ];
    expect(await plannedChanges(lab, HOST)).toEqual(named.sort());
    const { output } = await homelab(lab, ["check", HOST]);
    expect(output).toMatch(/host plan +FAILURE +missing/);
    expect(output).toMatch(/boot orchestrator +FAILURE/);
  });

  it("are mended by up, which makes no other container anew", async () => {
    expect(await mend()).toEqual(["bentopdf", "caddy", "cadvisor", "dozzle", "watchtower"]);
    const facts = await on(
      lab,
      HOST,
      "docker inspect --format '{{.State.Health.Status}} {{.HostConfig.Memory}}' bentopdf cadvisor dozzle",
    );
    expect(facts.split("\n")).toEqual(Array(3).fill(`healthy ${128 * 1024 * 1024}`));
    await expectAsDeclared();
  });
});

describe("a container made anew under a name of ours, a plan and a boot unit changed by hand", () => {
  it("are named, the container with the command that removes it", async () => {
    const image = await on(lab, HOST, "docker inspect --format '{{.Config.Image}}' dozzle");
    await on(
      lab,
      HOST,
      `set -e
docker rm --force dozzle
docker run --detach --name dozzle ${image}
sed -i 's/"phase":4/"phase":5/' ${PLAN}
mkdir ${DROP_IN}
echo '[Unit]' > ${DROP_IN}/by-hand.conf
systemctl daemon-reload`,
    );
    const drift = await driftOf(lab, [HOST]);
    expect(drift.code).toBe(2);
    expect(drift.rows.sort()).toEqual([
      "container dozzle replaced: id * -> *",
      `plan ${HOST} changed: content as written -> changed by hand`,
      "unit boot-orchestrator changed: content as written -> changed by hand, or gone",
    ]);
    const { output } = await preview(lab, HOST);
    expect(output).toContain(`the container "dozzle" on ${HOST} is not the one deployed here`);
    expect(output).toContain(`npx homelab adopt ${HOST} dozzle`);
    const checked = (await homelab(lab, ["check", HOST])).output;
    expect(checked).toMatch(/host plan +FAILURE +changed by hand/);
    expect(checked).toMatch(/files +warning +changed by hand or missing: .*boot-orchestrator/);
  });

  it("once it is removed, are mended by up, which makes no other container", async () => {
    const adopted = await homelab(lab, ["adopt", HOST, "dozzle", "--yes"]);
    expect(adopted.code, adopted.output).toBe(0);
    expect(await plannedChanges(lab, HOST)).toEqual(
      [...made("dozzle"), "boot-orchestrator", "host-plan"].sort(),
    );
    expect(await mend()).toEqual(["dozzle"]);
    await expectAsDeclared();
  });
});
