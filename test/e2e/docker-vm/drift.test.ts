import { beforeAll, describe, expect, it } from "vitest";
import { containerIds, homelab, on, openLab, preview, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { desiredPlan } from "../../../model/paths.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});

/** A service that nothing but Watchtower waits for. */
const SERVICE = "dozzle";

/** Runs `pulumi up` and answers which containers are new, missing or others than before. */
async function changedContainers(work: () => Promise<void>): Promise<string[]> {
  const before = await containerIds(lab, "docker-vm");
  await work();
  const after = await containerIds(lab, "docker-vm");
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]);
}

async function mend(): Promise<void> {
  const { code, output } = await up(lab, "docker-vm");
  expect(code, output).toBe(0);
}

describe("a container changed by hand", () => {
  it.each([
    ["removed", `docker rm --force ${SERVICE}`],
    ["stopped", `docker stop ${SERVICE}`],
    ["given another limit", `docker update --memory 200m --memory-swap 200m ${SERVICE}`],
  ])(
    "that was %s is named alone by preview, with its gate, and mended alone by up",
    async (_, change) => {
      await on(lab, "docker-vm", change);
      expect(await plannedChanges(lab, "docker-vm")).toEqual([
        `${SERVICE}-container`,
        `${SERVICE}-gate`,
      ]);
      const changed = await changedContainers(mend);
      expect(changed).toEqual([SERVICE]);
      const health = `docker inspect --format '{{.State.Health.Status}} {{.HostConfig.Memory}}' ${SERVICE}`;
      expect(await on(lab, "docker-vm", health)).toBe(`healthy ${128 * 1024 * 1024}`);
      expect(await plannedChanges(lab, "docker-vm")).toEqual([]);
    },
  );
});

describe("a container that somebody made anew under a name of ours", () => {
  it("is named as such with the command that removes it, after which up makes the declared one", async () => {
    const image = await on(
      lab,
      "docker-vm",
      `docker inspect --format '{{.Config.Image}}' ${SERVICE}`,
    );
    await on(
      lab,
      "docker-vm",
      `docker rm --force ${SERVICE}; docker run --detach --name ${SERVICE} ${image}`,
    );
    const { output } = await preview(lab, "docker-vm");
    expect(output).toContain(
      `the container "${SERVICE}" on docker-vm is not the one deployed here`,
    );
    expect(output).toContain(`npx homelab adopt docker-vm ${SERVICE}`);

    const adopted = await homelab(lab, ["adopt", "docker-vm", SERVICE, "--yes"]);
    expect(adopted.code, adopted.output).toBe(0);
    await mend();
    expect(await plannedChanges(lab, "docker-vm")).toEqual([]);
  });
});

describe("a configuration file changed by hand", () => {
  it("is written again, and its container starts anew", async () => {
    const file = "/opt/homelab/files/caddy/etc_caddy_Caddyfile";
    const declared = await on(lab, "docker-vm", `cat ${file}`);
    await on(lab, "docker-vm", `echo '# by hand' >> ${file}`);
    expect(await plannedChanges(lab, "docker-vm")).toEqual([
      "caddy-container",
      "caddy-files",
      "caddy-gate",
    ]);
    expect(await changedContainers(mend)).toEqual(["caddy"]);
    expect(await on(lab, "docker-vm", `cat ${file}`)).toBe(declared);
    expect(await plannedChanges(lab, "docker-vm")).toEqual([]);
  });
});

describe("what starts the host at boot", () => {
  const plan = desiredPlan("docker-vm");
  const dropIn = `/etc/systemd/system/${BOOT_UNIT}.d`;

  // Two at a time, since each look takes its time.
  it.each([
    [
      "a host plan that was removed and a boot unit that was disabled",
      `rm ${plan} && systemctl --quiet disable ${BOOT_UNIT}`,
      [/host plan +FAILURE +missing/, /boot orchestrator +FAILURE/],
    ],
    [
      "a host plan and a boot unit that were changed by hand",
      `sed -i 's/"phase":4/"phase":5/' ${plan} && mkdir ${dropIn} && echo '[Unit]' > ${dropIn}/by-hand.conf && systemctl daemon-reload`,
      [
        /host plan +FAILURE +changed by hand/,
        /files +warning +changed by hand or missing: .*boot-orchestrator/,
      ],
    ],
  ])(
    "%s are named by preview and by check, and mended by up, which touches no container",
    async (_, change, rows) => {
      const declared = await on(lab, "docker-vm", `cat ${plan}`);
      await on(lab, "docker-vm", change);
      expect(await plannedChanges(lab, "docker-vm")).toEqual(["boot-orchestrator", "host-plan"]);
      const { output } = await homelab(lab, ["check", "docker-vm"]);
      for (const row of rows) expect(output).toMatch(row);
      expect(await changedContainers(mend)).toEqual([]);
      expect(await on(lab, "docker-vm", `cat ${plan}`)).toBe(declared);
      expect(await on(lab, "docker-vm", `systemctl is-enabled ${BOOT_UNIT}`)).toBe("enabled");
      expect(await plannedChanges(lab, "docker-vm")).toEqual([]);
    },
  );
});
