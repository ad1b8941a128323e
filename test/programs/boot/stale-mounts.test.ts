import { describe, expect, it } from "vitest";
import type { BootEvent, Sight } from "../../../programs/boot/boot-events.ts";
import { noted } from "../../../programs/boot/scheduler.ts";
import {
  isInUse,
  MOST_RENEWALS,
  RENEWAL_WINDOW_SECONDS,
  STALE_APART_SECONDS,
} from "../../../programs/boot/stale-mounts.ts";
import { hard, planOf, soft } from "./imitation.ts";
import { Host } from "./settled-host.ts";

const MEDIA = "gate:nas-media";
const PLAN = planOf(
  [
    { name: "sonarr", requires: [hard(MEDIA)], stopGraceSeconds: 40 },
    { name: "seerr", requires: [hard("sonarr")] },
    { name: "frigate", requires: [soft(MEDIA, 30)] },
    { name: "grafana" },
    { name: "paperless", requires: [hard("gate:nas-scans")] },
  ],
  { "nas-media": 300, "nas-scans": 300 },
);
const OPEN = { [MEDIA]: 0, "gate:nas-scans": 0 };

const sight = (saw: Sight): BootEvent => ({
  kind: "sight",
  gate: MEDIA,
  saw,
  seen: `it is ${saw}`,
});
const gate = (open: boolean, saw?: Sight): BootEvent => ({
  kind: "gate",
  gate: MEDIA,
  open,
  seen: open ? "" : "closed",
  ...(saw === undefined ? {} : { saw }),
});
const stopped = (service: string): BootEvent => ({ kind: "stopped", service });

/** A host whose mount was seen stale, and seen so again. */
function staleHost(): Host {
  return new Host(PLAN, OPEN).take(sight("stale")).take(sight("stale"), STALE_APART_SECONDS + 1);
}

/** … and renewed, with nobody above it any more. */
function renewedHost(): Host {
  return staleHost()
    .take(stopped("seerr"))
    .take(stopped("frigate"))
    .take(stopped("sonarr"))
    .take({ kind: "renewed", gate: MEDIA });
}

describe("a mount that went stale while services run above it", () => {
  it("is renewed once all that run above it have stopped, dependents first, and starts them again when its gate is open", () => {
    const host = staleHost();
    expect([...host.did].sort()).toEqual(["stop frigate", "stop seerr"]);
    host.take(stopped("seerr"));
    expect(host.did.at(-1)).toBe("stop sonarr");
    host.take(stopped("frigate"));
    expect(host.did).not.toContain(`renew ${MEDIA}`);
    host.take(stopped("sonarr"));
    expect(host.did.slice(3)).toEqual([`renew ${MEDIA}`]);
    host.take({ kind: "renewed", gate: MEDIA });
    expect(host.did).toHaveLength(4);
    host.take(gate(true)).comesUp("sonarr").comesUp("frigate").comesUp("seerr");
    expect([...host.did.slice(4)].sort()).toEqual(["start frigate", "start seerr", "start sonarr"]);
    for (const name of PLAN.services.keys()) expect(host.at(name)?.at, name).toBe("healthy");
  });

  it("stops each in the time it declared", () => {
    const host = staleHost().take(stopped("seerr")).take(stopped("frigate"));
    const since = host.seconds;
    expect(host.at("sonarr")).toMatchObject({ at: "stopping" });
    host.wait(40);
    expect(host.at("sonarr")?.at).toBe("stopping");
    host.wait(since + 75 - host.seconds);
    // One that does not stop keeps nobody else waiting: it goes on with the dead mount.
    expect(host.at("sonarr")).toMatchObject({ at: "failed", reason: "it did not stop in time" });
    expect(host.did.at(-1)).toBe(`renew ${MEDIA}`);
  });

  it("touches nobody else", () => {
    const host = renewedHost().take(gate(true)).comesUp("sonarr");
    expect(host.did.join()).not.toMatch(/grafana|paperless|scans/);
    expect(host.at("grafana")?.at).toBe("healthy");
    expect(host.at("paperless")?.at).toBe("healthy");
  });

  it("starts nobody above it while it is being renewed, also who could do without", () => {
    const host = staleHost().take(stopped("frigate")).wait(60).take(stopped("seerr"));
    expect(host.did.filter((did) => did.startsWith("start"))).toEqual([]);
    host.take(stopped("sonarr")).take({ kind: "renewed", gate: MEDIA }).wait(30);
    expect(host.did.filter((did) => did.startsWith("start"))).toEqual(["start frigate"]);
  });

  it("holds who cannot run without it while the server is away, and starts them when it returns", () => {
    const host = renewedHost().take(gate(false)).wait(300);
    expect(host.at("sonarr")).toEqual({ at: "held", by: MEDIA });
    expect(host.at("seerr")).toEqual({ at: "held", by: "sonarr" });
    host.take(gate(true), 5000).comesUp("sonarr");
    expect(host.did.slice(-2)).toEqual(["start sonarr", "start seerr"]);
  });

  it("starts nobody whom a person stopped, before it went stale or meanwhile", () => {
    const asked = (service: string): BootEvent => ({ kind: "asked", service });
    const died = (service: string): BootEvent => ({ kind: "died", service, exitCode: 0 });
    const host = new Host(PLAN, OPEN)
      .take(asked("frigate"))
      .take(died("frigate"))
      .take(sight("stale"))
      .take(sight("stale"), STALE_APART_SECONDS + 1)
      // sonarr still waits for seerr to stop.
      .take(asked("sonarr"))
      .take(died("sonarr"))
      .take(stopped("seerr"))
      .take({ kind: "renewed", gate: MEDIA })
      .take(gate(true))
      .wait(600);
    expect(host.did).toEqual(["stop seerr", `renew ${MEDIA}`]);
    expect(host.at("frigate")).toEqual({ at: "stopped", removed: false });
    expect(host.at("sonarr")).toEqual({ at: "stopped", removed: false });
  });

  it("starts again who crashed on it and whom the engine could not start above it", () => {
    const host = new Host(PLAN, OPEN)
      .take({ kind: "died", service: "sonarr", exitCode: 1 })
      .take(sight("stale"))
      .take(sight("stale"), STALE_APART_SECONDS + 1)
      .take(stopped("seerr"))
      .take(stopped("frigate"))
      .take(stopped("sonarr"))
      .take({ kind: "renewed", gate: MEDIA })
      .take(gate(true));
    expect(host.did).toContain("start sonarr");
  });
});

describe("a mount that may only seem stale", () => {
  it.each([
    ["once", [sight("stale")]],
    ["twice within a moment", [sight("stale"), sight("stale")]],
    ["twice, and well in between", [sight("stale"), sight("well"), sight("stale")]],
    ["twice, and silent in between", [sight("stale"), sight("silent"), sight("stale")]],
  ])("is left alone when it was seen so %s", (_, events) => {
    const host = new Host(PLAN, OPEN);
    events.forEach((event, index) => host.take(event, index === 0 ? 0.1 : 4));
    expect(host.did).toEqual([]);
    expect(host.state.gates.get(MEDIA)?.at).toBe("open");
  });

  it("is not stale while its server does not answer, however long: only what was seen is kept", () => {
    const host = new Host(PLAN, OPEN);
    for (let minute = 0; minute < 600; minute += 1) host.take(sight("silent"), 60);
    expect(host.did).toEqual([]);
    expect(host.state.mounts.get(MEDIA)).toEqual({ renewals: [], seen: "it is silent" });
    host.take(sight("well"), 60);
    expect(host.state.mounts.get(MEDIA)).toEqual({ renewals: [] });
  });
});

describe("a mount that goes stale again and again", () => {
  const again = (host: Host) =>
    host
      .take(sight("stale"), 60)
      .take(sight("stale"), 10)
      .take(stopped("seerr"))
      .take(stopped("frigate"))
      .take(stopped("sonarr"))
      .take({ kind: "renewed", gate: MEDIA })
      .take(gate(true))
      .comesUp("sonarr")
      .comesUp("frigate")
      .comesUp("seerr");
  const renewals = (host: Host) => host.did.filter((did) => did.startsWith("renew")).length;

  it("is left alone with its services after three times within an hour, and counts again later", () => {
    const host = new Host(PLAN, OPEN);
    for (let time = 0; time < MOST_RENEWALS; time += 1) again(host);
    expect(renewals(host)).toBe(MOST_RENEWALS);
    const before = host.did.length;
    host.take(sight("stale"), 60).take(sight("stale"), 10).take(sight("stale"), 60);
    expect(host.did).toHaveLength(before);
    expect(host.at("sonarr")?.at).toBe("healthy");
    expect(host.state.mounts.get(MEDIA)).toMatchObject({
      leftAlone: true,
      seen: "went stale 4 times within 60 minutes, and is left alone: it is stale",
    });
    host.take(sight("stale"), RENEWAL_WINDOW_SECONDS);
    expect(host.did.length).toBeGreaterThan(before);
  });
});

describe("a closed gate whose mount is stale", () => {
  it("has it renewed although nobody runs above it, and starts who was held back when it opens", () => {
    const host = new Host(PLAN, { "gate:nas-scans": 0 });
    expect(host.at("sonarr")).toEqual({ at: "held", by: MEDIA });
    host
      .take({ kind: "asked", service: "frigate" })
      .take({ kind: "died", service: "frigate", exitCode: 0 });
    host.take(gate(false, "stale"), 15).take(gate(false, "stale"), 15);
    expect(host.did).toEqual([`renew ${MEDIA}`]);
    expect(host.at("sonarr")?.at).toBe("held");
    host.take({ kind: "renewed", gate: MEDIA });
    expect(host.at("sonarr")?.at).toBe("held");
    host.take(gate(true), 15);
    expect(host.did).toEqual([`renew ${MEDIA}`, "start sonarr"]);
  });
});

describe("a pause in the middle of it", () => {
  it("is followed by what it kept from being done, though the answers came meanwhile", () => {
    const host = staleHost().take(stopped("seerr"));
    // The engine's answers are not heard in a pause; afterwards everything is looked at.
    host.state = noted(host.state, stopped("sonarr"), host.seconds);
    host.state = noted(host.state, stopped("frigate"), host.seconds);
    for (const service of ["sonarr", "frigate"])
      host.take({ kind: "found", service, as: "stopped", checked: true });
    expect(host.did.at(-1)).toBe(`renew ${MEDIA}`);
    host.state = noted(host.state, { kind: "renewed", gate: MEDIA }, host.seconds);
    host.take(gate(true));
    expect(host.did).toContain("start sonarr");
  });
});

describe("a mount", () => {
  it("is worth a look only while somebody runs above it who was given it", () => {
    const host = new Host(PLAN, OPEN);
    expect(isInUse(host.state, MEDIA)).toBe(true);
    for (const service of ["sonarr", "frigate"]) {
      host.take({ kind: "asked", service }).take({ kind: "died", service, exitCode: 0 });
    }
    expect(isInUse(host.state, MEDIA)).toBe(false);
    expect(isInUse(host.state, "gate:nas-scans")).toBe(true);
  });
});
