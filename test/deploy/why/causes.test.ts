import { describe, expect, it } from "vitest";
import type { InspectedContainer } from "../../../hosts/engine/inspect.ts";
import { BOOT_PERMIT } from "../../../model/boot.ts";
import { before, closeDisk, container, hostOf, remove, serviceOf, whyOf } from "./small-fleet.ts";

const hosts = [
  hostOf(
    "docker-vm",
    serviceOf("db", "gate:disk"),
    serviceOf("web", "db"),
    serviceOf("job", "web"),
  ),
];

/** The answer about "web" after its container, or that of its database, is gone or in another state. */
function after(name: "web" | "db", state: Partial<InspectedContainer["State"]> | "removed") {
  return whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
    if (state === "removed") return remove(seen, name);
    const found = container(seen, name);
    found.State = { ...found.State, ...state };
    found.RestartCount = 7;
  });
}

const failing = {
  Health: {
    Status: "unhealthy",
    FailingStreak: 12,
    Log: [
      { Start: before(60), ExitCode: 0, Output: "well" },
      { Start: before(30), ExitCode: 1, Output: "no answer\nfrom disk\n" },
    ],
  },
  StartedAt: before(7200),
};

const exited = { Status: "exited", FinishedAt: before(300), StartedAt: before(900) };

describe("a service whose own container is in the way", () => {
  it.each([
    ["missing", "removed", "web does not run: it has no container", "pulumi up -s docker-vm"],
    [
      "stopped by somebody",
      { ...exited, ExitCode: 143 },
      "web does not run: it exited with 143 (asked to stop), 5 min ago",
      "ssh docker-vm docker start web",
    ],
    [
      "ended with an error",
      { ...exited, ExitCode: 3 },
      "web does not run: it exited with 3, 5 min ago",
      "ssh docker-vm docker logs --tail 50 web",
    ],
    [
      "out of memory",
      { ...exited, ExitCode: 137, OOMKilled: true },
      "web does not run: it ran out of memory (its limit is 64MiB), 5 min ago",
      "ssh docker-vm docker logs --tail 50 web",
    ],
    [
      "crashing",
      { ...exited, Status: "restarting", ExitCode: 1 },
      "web does not run: it crashes again and again (exited with 1, 7 restarts)",
      "ssh docker-vm docker logs --tail 50 web",
    ],
    [
      "refused by the engine",
      { ...exited, ExitCode: 128, Error: "port is already\nallocated" },
      'web does not run: it could not be started, 5 min ago: "port is already allocated"',
      "ssh docker-vm docker start web",
    ],
    [
      "not started since the host booted",
      { ...exited, ExitCode: 255, Error: `mount ${BOOT_PERMIT}: no such file` },
      `web does not run: it exited with 255, 5 min ago, and was not started since the host booted: "mount ${BOOT_PERMIT}: no such file"`,
      "ssh docker-vm journalctl -b -u docker-boot-orchestrator.service",
    ],
    [
      "made and never started",
      { Status: "created", FinishedAt: "0001-01-01T00:00:00Z" },
      "web does not run: it was made and never started",
      "pulumi up -s docker-vm",
    ],
    [
      "paused",
      { Status: "paused" },
      "web does not run: it is paused",
      "ssh docker-vm docker unpause web",
    ],
    [
      "unhealthy",
      failing,
      'web is unhealthy: it fails its health check (12 times in a row, running for 2 h): "no answer from disk"',
      "ssh docker-vm docker logs --tail 50 web",
    ],
    [
      "without a check",
      { Health: null },
      "web is unhealthy: it has no health check (running)",
      "pulumi up -s docker-vm",
    ],
    [
      "starting",
      { Health: { Status: "starting", FailingStreak: 0, Log: [] }, StartedAt: before(20) },
      "web is still starting: it has not passed its health check yet (running for 20 s)",
      "npx homelab why docker-vm/web",
    ],
  ] as const)("says that it is %s, and the command that helps", (_, state, sentence, next) => {
    const answer = after("web", structuredClone(state) as InspectedContainer["State"]);
    expect(answer.sentence).toBe(sentence);
    expect(answer.next).toBe(next);
    expect(answer).toMatchObject({ verdict: "down", exitCode: 2 });
    expect(answer.causes.map(({ id }) => id)).toEqual(["docker-vm/web"]);
  });

  it("says that somebody made it anew, and how to adopt it", () => {
    const answer = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      const found = container(seen, "web");
      found.Id = "f".repeat(64);
      found.Config.Labels = {};
    });
    expect(answer.sentence).toBe(
      "web is not the one deployed: it was made anew by somebody: ffffffffffff is not the container deployed here",
    );
    expect(answer.next).toBe("npx homelab adopt docker-vm web");
  });

  it("says when it ended, by the host's clock", () => {
    const [cause] = after("web", { ...exited, ExitCode: 3 }).causes;
    expect(cause).toMatchObject({ state: "stopped", since: "2026-01-02T02:59:05Z", exitCode: 3 });
  });
});

describe("a service that waits for another one", () => {
  it.each([
    ["missing", "removed", "web is unhealthy: it needs db, which has no container"],
    [
      "stopped",
      { ...exited, ExitCode: 3 },
      "web is unhealthy: it needs db, which exited with 3, 5 min ago",
    ],
    [
      "unhealthy",
      failing,
      'web is unhealthy: it needs db, which fails its health check (12 times in a row, running for 2 h): "no answer from disk"',
    ],
  ] as const)("names that one as the cause where it is %s", (_, state, sentence) => {
    const answer = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      Object.assign(container(seen, "web").State, structuredClone(failing));
      if (state === "removed") remove(seen, "db");
      else Object.assign(container(seen, "db").State, structuredClone(state));
    });
    expect(answer.sentence).toBe(sentence);
    expect(answer.causes.map(({ id }) => id)).toEqual(["docker-vm/db"]);
    expect(answer.chain.map(({ id }) => id)).toEqual(["docker-vm/web", "docker-vm/db"]);
  });

  it("that is well itself is impaired: it would not start again", () => {
    const answer = after("db", "removed");
    expect(answer).toMatchObject({ verdict: "impaired", exitCode: 2, holdsBack: [] });
    expect(answer.sentence).toBe(
      "web runs and is healthy, but it needs db, which has no container",
    );
    expect(answer.next).toBe("pulumi up -s docker-vm");
  });

  it("finds a closed gate behind it, with what the gate saw and what a person does", () => {
    const answer = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      closeDisk(seen);
      remove(seen, "db");
      remove(seen, "web");
    });
    expect(answer.sentence).toBe(
      'web does not run: it waits for gate disk (through db), which is closed: "/srv/disk is not the folder that was made"',
    );
    expect(answer.causes).toMatchObject([
      { id: "docker-vm/gate:disk", state: "closed", remedy: "mount the disk" },
    ]);
    expect(answer.next).toBe("npx homelab check docker-vm");
  });
});
