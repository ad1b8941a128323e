import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { setLink } from "../../../sandbox/network.ts";
import { copyCheckout } from "../support/checkout-copy.ts";
import {
  containerIds,
  containers,
  homelab,
  openLab,
  preview,
  up,
  type Lab,
} from "../support/lab.ts";

/**
 * The hosts whose cables are pulled: the one that everybody relies on, and the one whose folders
 * another has mounted. `make soak` pulls that of the Docker VM, on which nobody relies.
 */
const CUT = HOSTS.filter((host) => {
  return (process.env["HOMELAB_CUT_OFF"] ?? "vps,nas").split(",").includes(host);
});

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});

let cut: HostName | undefined;
afterEach(async () => {
  if (cut) await setLink(lab.settings, cut, "restore");
  cut = undefined;
});

/** Containers that are not healthy, on all hosts. */
async function ill(): Promise<string[]> {
  const lists = await Promise.all(
    HOSTS.map(async (host) =>
      [...(await containers(lab, host))]
        .filter(([, status]) => !status.includes("(healthy)"))
        .map(([name, status]) => `${host}/${name}: ${status}`),
    ),
  );
  return lists.flat();
}

/** The others of which nothing needs that host; the Docker VM has folders of the NAS mounted. */
function independentOf(host: HostName): HostName[] {
  const bound = host === "nas" ? ["nas", "docker-vm"] : [host];
  return HOSTS.filter((other) => !bound.includes(other));
}

describe.each(CUT)("with %s cut off", (host) => {
  it("its own stack fails with one message that says what to do, and who does not need it deploys", async () => {
    cut = host;
    await setLink(lab.settings, host, "cut");
    const [own, ...others] = await Promise.all([
      up(lab, host),
      ...independentOf(host).map((other) => up(lab, other, ["--expect-no-changes"])),
    ]);

    expect(own.code).not.toBe(0);
    expect(own.output).toContain(`${host} cannot be reached: \`ssh ${host}\` gave up`);
    expect(own.output).toContain("Nothing was changed there");
    expect(own.output).toContain(`when \`ssh ${host} true\` works, repeat the command`);
    // Neither the engine's client nor any other program adds words of its own.
    expect(own.output).not.toMatch(/docker system dial-stdio|_ping/);
    expect(own.output).toMatch(/\b1 errored/);
    // The connection has 10 s; the rest is room for a slow machine.
    expect(own.seconds).toBeLessThan(60);
    for (const other of others) expect(other.code, other.output).toBe(0);
  });

  it.runIf(host === "nas")(
    "the Docker VM deploys what needs no folder of it, names the rest, and makes no container anew",
    async () => {
      cut = host;
      await setLink(lab.settings, host, "cut");
      const before = await containerIds(lab, "docker-vm");
      const { code, output } = await up(lab, "docker-vm");
      expect(code).not.toBe(0);
      expect(output).toContain("left as they are on docker-vm, because they cannot run behind");
      expect(output).toContain("/mnt/nas/media does not answer");
      expect(await containerIds(lab, "docker-vm")).toEqual(before);
      await setLink(lab.settings, host, "restore");
      // It was told that its gates are closed; the next one is told that they are open.
      await expect
        .poll(() => up(lab, "docker-vm"), { timeout: 240_000, interval: 5_000 })
        .toMatchObject({ code: 0 });
    },
  );

  it.runIf(host === "nas")(
    "is a warning to drift, check and deploy in a household in which it may be away",
    async () => {
      const copy = await copyCheckout(lab);
      const entry = 'title: "NAS", roles: ["storage"]';
      await copy.replace("household/hosts.ts", entry, `${entry}, intermittent: true`);
      const household = {
        settings: { ...lab.settings, checkout: copy.folder },
        env: { ...lab.env, ...copy.env },
      };
      cut = host;
      await setLink(lab.settings, host, "cut");
      const [drift, check, deployed] = await Promise.all([
        // The Docker VM has folders of it mounted, and says so.
        homelab(household, ["drift", host, "vps"]),
        homelab(household, ["check", host]),
        homelab(household, ["deploy", host, "--offline"]),
      ]).finally(() => copy.remove());
      expect(drift.code, drift.output).toBe(0);
      expect(drift.output).toContain("nas: away, as it may be\n");
      expect(drift.output).toContain("vps: as declared\n");
      expect(check.code, check.output).toBe(1);
      expect(check.output).toMatch(/nas +ssh +warning +away, as it may be/);
      expect(deployed.code, deployed.output).toBe(0);
      expect(deployed.output).toContain("nas: away, as it may be: nothing was done there");
    },
  );

  it("is as declared again as soon as it is back", async () => {
    await expect.poll(ill, { timeout: 240_000, interval: 2_000 }).toEqual([]);
    // Its network mounts find their server again at the first look, which may come too soon.
    const looks = { timeout: 240_000, interval: 5_000 };
    await expect
      .poll(() => preview(lab, host, ["--expect-no-changes"]), looks)
      .toMatchObject({ code: 0 });
  });
});
