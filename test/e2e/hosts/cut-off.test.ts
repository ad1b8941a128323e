import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { setLink } from "../../../sandbox/network.ts";
import { containers, openLab, preview, up, type Lab } from "../support/lab.ts";

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

describe.each(HOSTS)("with %s cut off", (host) => {
  it("its own stack fails with one message that says what to do, and the others deploy", async () => {
    cut = host;
    await setLink(lab.settings, host, "cut");
    const others = HOSTS.filter((other) => other !== host);
    const [own, ...rest] = await Promise.all([
      up(lab, host),
      ...others.map((other) => up(lab, other, ["--expect-no-changes"])),
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
    for (const other of rest) expect(other.code, other.output).toBe(0);
  });

  it("is as declared again as soon as it is back", async () => {
    await expect.poll(ill, { timeout: 240_000, interval: 2_000 }).toEqual([]);
    // Its network mounts find their server again at the first look, which may come too soon.
    const looks = { timeout: 240_000, interval: 5_000 };
    await expect
      .poll(() => preview(lab, host, ["--expect-no-changes"]), looks)
      .toMatchObject({ code: 0 });
  });
});
