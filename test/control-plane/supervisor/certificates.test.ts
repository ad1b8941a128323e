import { describe, expect, it } from "vitest";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";
import { toldHome } from "./notify/told-home.ts";
import { after, Home, repositoryOf } from "./imitated-home.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const NAME = "vault.example.com";
const PROXY = "docker-vm/proxy";

/** Serves HTTPS for its host. */
const proxy = {
  ...serviceOf("proxy"),
  critical: true,
  ports: [{ bind: "0.0.0.0", host: 443, container: 8443, protocol: "tcp" }],
} as const;

function homeWith(more: Parameters<typeof repositoryOf>[1] = {}): Home {
  return new Home(repositoryOf([hostOf("docker-vm", proxy, serviceOf("web"))], more));
}

/** The proxy shows a certificate from and to so many seconds after the start. */
function shows(home: Home, from: number, to: number): void {
  const at = after(home.time);
  const certificate = { name: NAME, notBefore: after(from), notAfter: after(to), at };
  home.change("docker-vm", { certificate, looked: at });
}

/** A look in which it shows none. */
function showsNone(home: Home): void {
  home.change("docker-vm", { looked: after(home.time + 1) });
}

describe("a certificate that nobody renews", () => {
  it.each([
    ["90 days", 90 * DAY, "expires in 14 days"],
    ["12 hours", 12 * HOUR, "expires in 119 min"],
    ["6 days", 6 * DAY, "expires in 23 h"],
  ])(
    "of %s is one message once less than a sixth of it is left, and one end when another is shown",
    async (_, lifetime, when) => {
      const { home, pass, said } = await toldHome(homeWith());
      const left = lifetime / 6;
      shows(home, left - lifetime + 10 * MINUTE, left + 10 * MINUTE);
      pass(9 * MINUTE);
      expect(await said()).toEqual([]);
      pass(40 * MINUTE);
      expect(await said()).toEqual([`began: ${PROXY} has a certificate of ${NAME} that ${when}`]);
      shows(home, home.time, home.time + lifetime);
      pass(15 * MINUTE);
      expect(await said()).toEqual([`ended: ${PROXY} is well again`]);
    },
  );

  it("is said to be over, with the command that helps and what to look at, and nothing is done about it", async () => {
    const { home, pass, sent } = await toldHome(homeWith());
    shows(home, -90 * DAY, -3 * HOUR);
    pass(5 * MINUTE);
    const [message, ...more] = await sent();
    expect(more).toEqual([]);
    expect(message?.title).toBe(`${PROXY} has a certificate of ${NAME} that expired 3 h ago`);
    expect(message?.message).toMatch(
      /ssh docker-vm docker logs --since 24h proxy.*token.*clock.*issuer/,
    );
    expect(home.queue).toEqual([]);
    expect(home.look().incidents.map(({ cause }) => cause)).toEqual([PROXY]);
  });

  it("of another name of the same proxy is no message of its own", async () => {
    const { home, pass, said } = await toldHome(homeWith());
    shows(home, -90 * DAY, -HOUR);
    pass(5 * MINUTE);
    const { certificate } = home.world("docker-vm");
    if (certificate) {
      home.change("docker-vm", { certificate: { ...certificate, name: "photos.example.com" } });
    }
    pass(5 * MINUTE);
    expect(await said()).toHaveLength(1);
  });

  it("is not well again because its proxy stops, of which there is a message of its own", async () => {
    const { home, pass, said } = await toldHome(homeWith());
    shows(home, -90 * DAY, -HOUR);
    pass(5 * MINUTE);
    expect(await said()).toHaveLength(1);
    home.becomes(PROXY, "exited");
    showsNone(home);
    pass(20 * MINUTE);
    expect(await said()).toEqual([`began: ${PROXY} exited`]);
    home.becomes(PROXY, "healthy");
    shows(home, -90 * DAY, -HOUR);
    pass(20 * MINUTE);
    expect(await said()).toEqual([`ended: ${PROXY} is well again`]);
  });

  it("is not told of a proxy that has stopped before, nor after a boot that renews it, nor while somebody works on the host", async () => {
    const stopped = await toldHome(homeWith());
    shows(stopped.home, -90 * DAY, 20 * MINUTE);
    stopped.home.becomes(PROXY, "exited");
    showsNone(stopped.home);
    stopped.pass(60 * MINUTE);
    expect(await stopped.said()).toEqual([`began: ${PROXY} exited`]);

    const booted = await toldHome(homeWith());
    booted.home.change("docker-vm", { program: { build: "b", boot: "2", at: after(0) } });
    shows(booted.home, -2 * DAY, -DAY);
    booted.pass(4 * MINUTE);
    expect(await booted.said()).toEqual([]);
    booted.pass(5 * MINUTE);
    expect(await booted.said()).toHaveLength(1);

    const worked = await toldHome(homeWith());
    const maintenance = { reason: "disk", by: "anna", until: null, at: after(0) };
    worked.home.change("docker-vm", { maintenance });
    shows(worked.home, -90 * DAY, -HOUR);
    worked.pass(20 * MINUTE);
    expect(await worked.said()).toEqual([]);
  });

  it("that was told is not well again because somebody works on the host", async () => {
    const { home, pass, said } = await toldHome(homeWith());
    shows(home, -90 * DAY, -HOUR);
    pass(5 * MINUTE);
    expect(await said()).toHaveLength(1);
    const maintenance = { reason: "disk", by: "anna", until: null, at: after(0) };
    home.change("docker-vm", { maintenance });
    pass(20 * MINUTE);
    expect(await said()).toEqual([]);
  });

  it("is nobody's on a host without a proxy", async () => {
    const { home, pass, said } = await toldHome(
      new Home(repositoryOf([hostOf("docker-vm", serviceOf("web"))])),
    );
    shows(home, -90 * DAY, -HOUR);
    pass(5 * MINUTE);
    expect(await said()).toEqual([]);
  });
});
