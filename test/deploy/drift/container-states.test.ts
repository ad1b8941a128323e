import { describe, expect, it } from "vitest";
import { hexOf } from "./imitated-host.ts";
import { changedContainer, closeGate, container, driftOf, rowsOf } from "./changed-host.ts";

describe("a container", () => {
  it("that was removed is missing", () => {
    expect(rowsOf((seen) => seen.containers.shift())).toEqual([
      { ...container, change: "missing", field: "container", declared: "running", found: null },
    ]);
  });

  it("that was stopped is stopped, with how it ended", () => {
    const rows = changedContainer(({ State }) => {
      Object.assign(State, { Status: "exited", ExitCode: 137, Health: { Status: "unhealthy" } });
    });
    const found = "exited with 137";
    expect(rows).toEqual([
      { ...container, change: "stopped", field: "state", declared: "running", found },
    ]);
  });

  it("whose check fails is unhealthy, and up is no help", () => {
    const report = driftOf(({ containers: [first] }) => {
      if (first) first.State.Health = { Status: "unhealthy", Log: [] };
    });
    expect(report.rows).toEqual([
      {
        host: "docker-vm",
        ...container,
        change: "unhealthy",
        field: "state",
        declared: "healthy",
        found: "unhealthy",
      },
    ]);
    expect(report.hints).toEqual(["ssh docker-vm docker logs --tail 50 db"]);
  });

  it("that somebody made anew has one row, with the command that removes it", () => {
    const report = driftOf(({ containers: [first] }) => {
      if (first) Object.assign(first, { Id: hexOf("other") }).Config.Labels = {};
    });
    expect(report.rows).toEqual([
      {
        host: "docker-vm",
        ...container,
        change: "replaced",
        field: "id",
        declared: hexOf("db").slice(0, 12),
        found: hexOf("other").slice(0, 12),
      },
    ]);
    expect(report.hints).toEqual([
      "npx homelab adopt docker-vm db",
      "pulumi up -s docker-vm makes it as declared",
    ]);
  });

  it("that never went through its gate is of a deployment that was cut short", () => {
    expect(rowsOf(({ observation }) => delete observation.gated["db"])).toEqual([
      { ...container, field: "healthGate", declared: "passed", found: "never waited for" },
    ]);
  });

  it("that a closed gate holds back says so where it is missing", () => {
    const rows = rowsOf((seen) => {
      seen.containers.shift();
      closeGate(seen, "nas-documents");
    });
    expect(rows.find(({ kind }) => kind === "container")?.found).toBe(
      "held back by gate nas-documents",
    );
  });
});
