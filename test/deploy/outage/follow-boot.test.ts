import { describe, expect, it } from "vitest";
import { BOOT_LOOK, BOOT_SCRIPT } from "../../../deploy/outage/boot-look.ts";
import { bootAndFollow } from "../../../deploy/outage/follow-boot.ts";
import { HostError } from "../../../model/errors.ts";
import type { HostShell } from "../../../deploy/staged/host-files.ts";
import type { BootRecord, RecordedService } from "../../../model/boot-record.ts";

/** States of the unit, as systemd tells them. */
const WORKS = "ActiveState=active\nSubState=running\nJob=\n";
const QUEUED = "ActiveState=inactive\nSubState=dead\nJob=17\n";
const BOOTS = "ActiveState=activating\nSubState=start\nJob=17\n";
const FAILED = "ActiveState=failed\nSubState=failed\nJob=\n";
const AGAIN = "ActiveState=activating\nSubState=auto-restart\nJob=\n";

const OLD = "2026-11-27T01:00:00.000Z";
const NEW = "2026-11-27T02:00:00.000Z";

function record(began: string, state: RecordedService["state"], isOver: boolean): string {
  const all: BootRecord = {
    ...{ version: 1, host: "nas", began, gates: {} },
    services: { samba: { state, since: began, restarts: 0 } },
    ...(isOver ? { ended: { at: began, healthy: 1, failed: [], held: [] } } : {}),
  };
  return `record ${JSON.stringify(all)}\n`;
}

const LEFT = record(OLD, "healthy", true);

/** A host that answers look after look with these; the last one again and again. */
function following(looks: readonly (string | Error)[], interrupted = new AbortController()) {
  const told: string[] = [];
  const ran: string[] = [];
  let [next, time] = [0, 0];
  const shell: HostShell = (script) => {
    if (script !== BOOT_LOOK) ran.push(script);
    const answer = script === BOOT_LOOK ? looks[Math.min(next++, looks.length - 1)] : "";
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve({ exitCode: 0, greeting: "", stdout: answer ?? "", stderr: "" });
  };
  const plan = {
    version: 1,
    host: "nas",
    commit: "",
    digest: "",
    gates: [],
    services: [],
  } as const;
  const listener = {
    progress: (text: string) => void told.push(text),
    up: (service: string) => void told.push(`up ${service}`),
    failed: (service: string) => void told.push(`failed ${service}`),
  };
  const end = bootAndFollow({
    ...{ host: "nas", shell, plan: { ...plan, gates: [], services: [] }, listener },
    interrupted: interrupted.signal,
    clock: {
      now: () => time,
      sleep: (ms) => Promise.resolve((time += ms)),
    },
  });
  return { told, ran, end };
}

describe("a boot that is followed", () => {
  it("is begun once, and ends with its own record, not with the one that lies there", async () => {
    const { told, ran, end } = following([
      ...[WORKS + LEFT, QUEUED + LEFT, BOOTS + LEFT, BOOTS + record(NEW, "starting", false)],
      ...[WORKS + record(NEW, "healthy", true)],
    ]);
    expect(await end).toMatchObject({ began: NEW });
    expect(ran).toEqual([BOOT_SCRIPT]);
    expect(told).toEqual(["up samba"]);
  });

  it("is not begun anew where the host boots already", async () => {
    const { told, ran, end } = following([
      BOOTS + record(NEW, "waiting", false),
      WORKS + record(NEW, "failed", true),
    ]);
    expect(await end).toMatchObject({ began: NEW });
    expect(ran).toEqual([]);
    expect(told).toEqual(["the host is booting already; that boot is followed", "failed samba"]);
  });

  it("says every 10 s how far it is, also while the engine does not answer", async () => {
    const waits = Array.from({ length: 12 }, () => BOOTS + LEFT);
    const starts = Array.from({ length: 12 }, () => BOOTS + record(NEW, "starting", false));
    const { told, end } = following([
      WORKS + LEFT,
      ...waits,
      ...starts,
      record(NEW, "healthy", true),
    ]);
    await end;
    expect(told).toEqual([
      expect.stringMatching(/^after 1\d s: the engine does not answer yet$/),
      expect.stringMatching(/^after 2\d s: 0 of 1 service up; starting: samba$/),
      "up samba",
    ]);
  });

  it.each([
    ["failed", FAILED],
    ["is tried again by systemd after an error", AGAIN],
  ])("is given up when the unit %s, with the command that says why", async (_, unit) => {
    const { end } = following([WORKS + LEFT, BOOTS + LEFT, unit + LEFT]);
    await expect(end).rejects.toMatchObject({
      code: "HL-DEPLOY-BOOT",
      message: expect.stringContaining("ssh nas systemctl status docker docker-boot") as string,
    });
  });

  it("is given up when the engine does not answer for three minutes", async () => {
    const { end } = following([WORKS + LEFT, BOOTS + LEFT]);
    await expect(end).rejects.toMatchObject({ code: "HL-DEPLOY-BOOT" });
  });

  it("outlives a host that does not answer for a moment, and not one that is gone for a minute", async () => {
    const away = new HostError("HL-UNREACHABLE", "nas", "no route");
    const moment = following([WORKS, away, away, record(NEW, "healthy", true)]);
    expect(await moment.end).toMatchObject({ began: NEW });
    expect(moment.told).toEqual(["after 0 s: out of sight: no route", "up samba"]);
    const gone = following([WORKS, away]);
    await expect(gone.end).rejects.toBe(away);
  });

  it("goes on by itself when a person ends the run, which says so", async () => {
    const interrupt = new AbortController();
    const { ran, end } = following([WORKS, BOOTS], interrupt);
    interrupt.abort();
    await expect(end).rejects.toMatchObject({
      code: "HL-DEPLOY-INTERRUPTED",
      message: "a person ended the run; the boot goes on there by itself",
    });
    expect(ran).toEqual([BOOT_SCRIPT]);
  });
});
