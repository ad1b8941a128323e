import { existsSync, utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bootFiles, nodeCheck } from "../../../components/core/boot-orchestrator.ts";
import { BOOT_JOIN, BOOT_PERMIT } from "../../../model/boot.ts";
import { BOOT_RECORD_FILE } from "../../../model/paths.ts";
import { ScriptRoom } from "../../support/script.ts";

const files = new Map(
  bootFiles("docker-vm", {
    program: "// the program",
    nodeMajor: 18,
    startTimeoutSeconds: 690,
    stopTimeoutSeconds: 150,
  }).map(({ path, content }) => [path, content]),
);
const unit = files.get("/etc/systemd/system/docker-boot-orchestrator.service") ?? "";

describe("the boot orchestrator's unit", () => {
  it("runs after the engine, and whenever the engine starts again", () => {
    expect(unit).toContain("After=docker.service\nRequires=docker.service\n");
    expect(unit).toContain("WantedBy=multi-user.target docker.service\n");
  });

  it("is active once its program says that the boot has settled, and is started again when that fails", () => {
    expect(unit).toContain("\nType=notify\n");
    expect(unit).toContain("\nNotifyAccess=all\nRestart=on-failure\nRestartSec=15\n");
    expect(unit).not.toContain("RemainAfterExit");
    expect(unit).not.toContain("--once");
  });

  it("does not try again and again without a plan, nor gives up on an engine that is slow", () => {
    expect(unit).toContain("\nRestartPreventExitStatus=2\n");
    expect(unit).toContain("\nStartLimitIntervalSec=0\n");
  });

  it("waits for no network", () => {
    expect(unit).not.toContain("network");
  });

  it("may take as long as the host plan can take", () => {
    expect(unit).toContain("TimeoutStartSec=690\n");
  });

  it("makes the permit before it starts anything, and the engine removes it before it starts", () => {
    expect(unit).toMatch(
      new RegExp(
        `ExecStartPre=/bin/touch ${BOOT_PERMIT}\nExecStart=.*boot-orchestrator.mjs docker-vm`,
      ),
    );
    const dropIn = files.get("/etc/systemd/system/docker.service.d/homelab-boot.conf");
    expect(dropIn).toContain(`[Service]\nExecStartPre=-/bin/rm -f ${BOOT_PERMIT} `);
  });

  it("is a boot whenever the engine starts, also where a deployment was just about to join", () => {
    const dropIn = files.get("/etc/systemd/system/docker.service.d/homelab-boot.conf");
    expect(dropIn).toContain(` ${BOOT_JOIN}\n`);
    expect(BOOT_JOIN).toMatch(/^\/run\//);
  });

  it.each([
    ["signal", 10, true],
    ["oom-kill", 10, true],
    // The record is that of the boot before: the boot is not over.
    ["signal", -10, false],
    ["exit-code", 10, false],
    ["success", 10, false],
  ])("goes on as it is after %s, %d s after its permit: %s", (result, seconds, joins) => {
    const [, script = ""] = /^ExecStopPost=\/bin\/sh -c '(.*)'$/m.exec(unit) ?? [];
    const room = new ScriptRoom();
    room.file(BOOT_PERMIT, "");
    room.file(BOOT_RECORD_FILE, "{}");
    utimesSync(room.path(BOOT_PERMIT), 1000, 1000);
    utimesSync(room.path(BOOT_RECORD_FILE), 1000 + seconds, 1000 + seconds);
    // As systemd passes it on.
    const run = `SERVICE_RESULT=${result}\n${script.replaceAll("$$", "$")}`;
    expect(room.run(run, [BOOT_PERMIT, BOOT_RECORD_FILE, BOOT_JOIN]).exitCode).toBe(0);
    expect(existsSync(room.path(BOOT_JOIN))).toBe(joins);
  });

  it("lets the engine stop its containers as long as they were promised", () => {
    const dropIn = files.get("/etc/systemd/system/docker.service.d/homelab-boot.conf");
    expect(dropIn).toContain("\nTimeoutStopSec=150\n");
  });

  it("keeps the permit in memory, so that a power cut withdraws it", () => {
    expect(BOOT_PERMIT).toMatch(/^\/run\//);
  });
});

describe("the check for Node.js", () => {
  const run = (body: string) => {
    const room = new ScriptRoom();
    room.program("node", body);
    return room.run(nodeCheck("docker-vm", 18), []);
  };

  it("passes with the version that Debian 12 has", () => {
    expect(run("echo v18.20.4").exitCode).toBe(0);
  });

  it("says what the host has and what to run where it is missing or too old", () => {
    for (const [body, seen] of [
      ["exit 127", "none"],
      ["echo v16.1.0", "v16.1.0"],
    ] as const) {
      const { exitCode, stderr } = run(body);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`docker-vm needs Node.js 18 or newer`);
      expect(stderr).toContain(`it has: ${seen}. Run there: apt-get install --yes nodejs`);
    }
  });
});
