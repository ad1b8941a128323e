import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gateProbe } from "../../model/gate-script.ts";
import { ScriptRoom } from "../support/script.ts";

const MOVED = ["/mnt"];
const me = `${process.getuid?.()}:${process.getgid?.()}`;

/** A machine on which the export is mounted. */
function room(): ScriptRoom {
  const made = new ScriptRoom();
  made.file("/mnt/media/.homelab-export", "");
  made.program("findmnt", 'case "$*" in *SOURCE*) echo nas:/srv/media ;; esac');
  made.program("setpriv", 'while [ "$1" != sh ]; do shift; done; exec "$@"');
  return made;
}
const probe = (made: ScriptRoom, writer?: string) =>
  made.run(
    gateProbe({
      kind: "mount",
      path: "/mnt/media",
      source: "nas:/srv/media",
      writable: true,
      ...(writer === undefined ? {} : { writer }),
    }),
    MOVED,
  );

describe("a mount's gate", () => {
  it("writes as the user who will write", () => {
    const made = room();
    made.program(
      "setpriv",
      'case "$*" in *"--reuid 1000 --regid 1000 --clear-groups sh"*) ;; *) exit 1 ;; esac',
    );
    expect(probe(made, "1000:1000")).toMatchObject({ exitCode: 0 });
    expect(probe(made).stdout).toContain("cannot be written by 0:0");
  });

  it("says who may not write, whose the folder is, and what came back", () => {
    const made = room();
    made.program("setpriv", "echo 'sh: Permission denied' >&2; exit 2");
    const answer = probe(made, "1000:1000");
    expect(answer.exitCode).toBe(1);
    expect(answer.stdout).toMatch(
      new RegExp(
        `cannot be written by 1000:1000; it belongs to ${me} there: sh: Permission denied`,
      ),
    );
  });

  it("leaves nothing behind, and the folder's mode as it was", () => {
    const made = room();
    chmodSync(made.path("/mnt/media"), 0o2775);
    expect(probe(made, "1000:1000")).toMatchObject({ exitCode: 0 });
    expect(made.run("ls -A /mnt/media; stat -c %a /mnt/media", MOVED).stdout).toBe(
      ".homelab-export\n2775",
    );
  });

  it("names the package without which nothing can be mounted", () => {
    const made = room();
    made.program("findmnt", "exit 1");
    made.program("systemctl", "echo nfs-that-is-absent");
    const answer = probe(made);
    expect(answer.stdout).toMatch(/^nothing is mounted at \S+\/mnt\/media; /);
    expect(answer.stdout).toContain("install the package nfs-common");
  });
});

describe("a gate that cannot find out", () => {
  const closed = (condition: Parameters<typeof gateProbe>[0], programs: Record<string, string>) => {
    const made = new ScriptRoom();
    for (const [name, body] of Object.entries(programs)) made.program(name, body);
    return made.run(gateProbe(condition), []).exitCode === 1;
  };
  const clock = { kind: "clock", maxOffsetSeconds: 1 } as const;
  const leap = (status: string) =>
    `echo 'System time     : 0.000000001 seconds fast of NTP time'; echo 'Leap status     : ${status}'`;

  it("whether the clock is right is closed: nobody keeps it, or who does has not begun", () => {
    const timedatectl = "echo no";
    expect(closed(clock, { timedatectl, chronyc: "exit 127" })).toBe(true);
    expect(closed(clock, { timedatectl, chronyc: leap("Not synchronised") })).toBe(true);
    expect(closed(clock, { timedatectl, chronyc: leap("Normal") })).toBe(false);
    expect(closed(clock, { timedatectl: "echo yes", chronyc: "exit 127" })).toBe(false);
  });

  it("whether a name resolves is closed: dig says on its output that nobody answered", () => {
    const dns = { kind: "dns", server: "192.0.2.1", query: "example.org" } as const;
    const silence = "echo ';; communications error to 192.0.2.1#53: timed out'; exit 9";
    expect(closed(dns, { dig: silence })).toBe(true);
    expect(closed(dns, { dig: "exit 0" })).toBe(true);
    expect(closed(dns, { dig: "echo 192.0.2.7" })).toBe(false);
  });

  it("how full a disk is is closed, also where the complaint has a number in it", () => {
    const disk = { kind: "disk", path: "/srv/disk1", freePercent: 10 } as const;
    expect(
      closed(disk, { df: "echo 'df: /srv/disk1: No such file or directory' >&2; exit 1" }),
    ).toBe(true);
    expect(closed(disk, { df: "echo Use%; echo ' 95%'" })).toBe(true);
    expect(closed(disk, { df: "echo Use%; echo ' 40%'" })).toBe(false);
  });
});
