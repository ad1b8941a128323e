import { describe, expect, it } from "vitest";
import { parseAnswer } from "../../../hosts/inspection/answer.ts";
import { exitCodeOf, type CheckRow } from "../../../hosts/inspection/rows.ts";
import { answer, troubles, WELL } from "./well-host.ts";

describe("the checklist", () => {
  it("finds nothing on a host that is well", () => {
    expect(troubles(answer())).toEqual([]);
  });

  it.each([
    ["@engine\tversion\t20.10.24", "docker", "20.10.24, older than 25"],
    [
      "@engine\tversion\tCannot connect to the Docker daemon",
      "docker",
      "Cannot connect to the Docker daemon",
    ],
    ["@node\tversion\tv16.20.2", "node", "v16.20.2, older than 18"],
    ["@disk\t/\t97", "disk /", "97 % used"],
    [
      "condition media written-1 open closed nothing is mounted at /mnt/m",
      "gate media",
      "nothing is mounted at /mnt/m",
    ],
    [
      "@unit\tenabled\tdisabled",
      "boot orchestrator",
      "docker-boot-orchestrator.service is disabled, so nothing starts at boot",
    ],
    ["@unit\tfailed\tfailed", "boot orchestrator", "its last run failed"],
  ])("calls %j a failure", (line, check, seen) => {
    expect(troubles(answer(line))).toEqual([
      expect.objectContaining({ check, state: "failure", seen }),
    ]);
  });

  it("names what the orchestrator could not start, and what is missing, while its unit runs", () => {
    const since = "2026-11-26T03:00:00.000Z";
    const record = {
      ...{ version: 1, host: "docker-vm", began: since, gates: {} },
      services: {
        jellyfin: { state: "held", by: "gate:media", since, restarts: 0 },
        sonarr: { state: "failed", reason: "it is unhealthy", since, restarts: 5 },
      },
    };
    const line = `@boot\tfile\t${Buffer.from(JSON.stringify(record)).toString("base64")}`;
    expect(troubles(answer(line))).toEqual([
      {
        check: "boot orchestrator",
        state: "failure",
        seen: "failed: sonarr; held back: jellyfin (without gate:media)",
        remedy:
          "what is held back starts by itself when that is there; ssh docker-vm journalctl -b -u docker-boot-orchestrator.service",
      },
    ]);
    // A record of an earlier boot: nobody keeps it any more.
    expect(troubles(answer(line, "@unit\tfailed\tinactive"))).toEqual([
      {
        check: "boot orchestrator",
        state: "warning",
        seen: "does not run, so what ends is not started again before the next boot",
        remedy: "ssh docker-vm systemctl start docker-boot-orchestrator.service",
      },
    ]);
  });

  it("warns of maintenance that goes on, and says what ends it", () => {
    const text = (until: string) =>
      `@maintenance\tfile\t${Buffer.from(JSON.stringify({ until, reason: "new disk", by: "ana" })).toString("base64")}`;
    expect(troubles(answer(text("2999-01-01T00:00:00Z")))).toEqual([
      {
        check: "maintenance",
        state: "warning",
        seen: "new disk (ana), until 2999-01-01T00:00:00Z; nothing is started again meanwhile",
        remedy: "npx homelab maintenance docker-vm --end",
      },
    ]);
    expect(troubles(answer(text("2020-01-01T00:00:00Z")))).toEqual([]);
  });

  it("only warns of a closed gate that nothing needs to run, and names who wants it", () => {
    expect(
      troubles(answer("condition dri written-3 closed closed /dev/dri does not exist")),
    ).toEqual([
      {
        check: "gate dri",
        state: "warning",
        seen: "/dev/dri does not exist",
        remedy: "pass it through (for jellyfin)",
      },
    ]);
  });

  it("only warns of a disk that gets full, and of an installer's program that is not well", () => {
    expect(troubles(answer("@disk\t/\t85"))[0]?.state).toBe("warning");
    expect(troubles(answer("@disk\t/\t84"))).toEqual([]);
    expect(troubles(answer("@external\tcoolify\tfailed no answer"))).toEqual([
      expect.objectContaining({ check: "external coolify", state: "warning" }),
    ]);
  });

  it("calls a host plan that is missing or was changed by hand a failure, and names what writes it", () => {
    const plan = (seen: string) => [
      {
        check: "host plan",
        state: "failure",
        seen,
        remedy: "pulumi up -s docker-vm writes it",
      },
    ];
    const without = WELL.filter((line) => !line.startsWith("@plan"));
    const missing = parseAnswer([...without, "file host-plan written-2 changed"].join("\n"));
    expect(troubles(missing)).toEqual(plan("missing, so nothing starts at boot"));
    expect(troubles(answer("file host-plan written-2 changed"))).toEqual(
      plan("changed by hand, so other things start at boot than were deployed"),
    );
  });

  it("takes the plan of a deployment that kept no checksum for what it is", () => {
    const before = WELL.filter((line) => !line.startsWith("file host-plan"));
    expect(troubles(parseAnswer(before.join("\n")))).toEqual([]);
  });

  it("calls a host on which nothing was deployed yet so, and no failure", () => {
    const before = parseAnswer(
      "@engine\tversion\t29.1.3\n@node\tversion\tv22.0.0\n@unit\tenabled\tnot-found\n@external\tcoolify\tmissing",
    );
    expect(troubles(before).map(({ check, state }) => `${check} ${state}`)).toEqual([
      "boot orchestrator warning",
      "containers warning",
    ]);
  });

  it("has the worst state as exit code", () => {
    const row = (state: CheckRow["state"]): CheckRow => ({
      host: "nas",
      check: "x",
      state,
      seen: "",
      remedy: "",
    });
    expect(exitCodeOf([row("ok")])).toBe(0);
    expect(exitCodeOf([row("warning"), row("ok")])).toBe(1);
    expect(exitCodeOf([row("warning"), row("failure")])).toBe(2);
  });
});
