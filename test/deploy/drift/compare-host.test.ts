import { describe, expect, it } from "vitest";
import { compareHost } from "../../../deploy/drift/compare-host.ts";
import type { Difference } from "../../../deploy/drift/rows.ts";
import { hosts } from "../../support/fleet.ts";
import { hostAsDeclared, lockOf, type SeenHost } from "./imitated-host.ts";
import { closeGate, driftOf, rowsOf } from "./changed-host.ts";

describe("a host on which everything is as declared", () => {
  it("has no drift", () => {
    expect(driftOf(() => undefined)).toEqual({
      host: "docker-vm",
      verdict: "none",
      absent: false,
      rows: [],
      hints: [],
      others: [],
    });
  });

  it.each(hosts.map((one) => [one.host, one] as const))(
    "has none either when it is the whole %s",
    (_, whole) => {
      const images = lockOf(whole);
      expect(compareHost(whole, images, hostAsDeclared(whole, images)).rows).toEqual([]);
    },
  );
});

describe("networks and volumes", () => {
  it("that are gone are missing", () => {
    const rows = rowsOf((seen) => {
      seen.networks = seen.networks.filter(({ Name }) => Name !== "documents-net");
      seen.volumes = [];
    });
    expect(rows).toEqual([
      {
        kind: "network",
        name: "documents-net",
        change: "missing",
        field: "network",
        declared: "there",
        found: null,
      },
      {
        kind: "volume",
        name: "db-data",
        change: "missing",
        field: "volume",
        declared: "there",
        found: null,
      },
    ]);
  });

  it("with other addresses have a row for each", () => {
    const rows = rowsOf((seen) => {
      const found = seen.networks.find(({ Name }) => Name === "documents-net");
      if (found) found.IPAM.Config = [{ Subnet: "10.8.0.0/24", Gateway: "10.9.0.1" }];
    });
    expect(rows).toEqual([
      {
        kind: "network",
        name: "documents-net",
        change: "changed",
        field: "subnet",
        declared: "10.9.0.0/24",
        found: "10.8.0.0/24",
      },
    ]);
  });
});

describe("what no provider reads back", () => {
  it.each<[string, (seen: SeenHost) => void, Difference]>([
    [
      "a file changed by hand",
      ({ observation }) => (observation.files["db"] = undefined),
      {
        kind: "files",
        name: "db",
        change: "changed",
        field: "content",
        declared: "as written",
        found: "changed by hand, or gone",
      },
    ],
    [
      "files that were never written",
      ({ observation }) => delete observation.files["db"],
      {
        kind: "files",
        name: "db",
        change: "missing",
        field: "content",
        declared: "as written",
        found: null,
      },
    ],
    [
      "a unit that was disabled",
      ({ observation }) => (observation.files["boot-orchestrator"] = undefined),
      {
        kind: "unit",
        name: "boot-orchestrator",
        change: "changed",
        field: "content",
        declared: "as written",
        found: "changed by hand, or gone",
      },
    ],
    [
      "a host plan changed by hand",
      ({ observation }) => (observation.files["host-plan"] = undefined),
      {
        kind: "plan",
        name: "docker-vm",
        change: "changed",
        field: "content",
        declared: "as written",
        found: "changed by hand",
      },
    ],
    [
      "a membership that is gone",
      ({ observation }) => (observation.mesh = undefined),
      {
        kind: "mesh",
        name: "docker-vm",
        change: "changed",
        field: "membership",
        declared: "member",
        found: "not enrolled, or elsewhere",
      },
    ],
  ])("%s is one row", (_, change, row) => {
    expect(rowsOf(change)).toEqual([row]);
  });

  it("a host plan of another commit has both digests", () => {
    expect(rowsOf((seen) => (seen.planDigest = "0123"))).toMatchObject([
      { kind: "plan", field: "digest", declared: expect.any(String) as string, found: "0123" },
    ]);
  });

  it("a host plan that is gone is missing", () => {
    const rows = rowsOf((seen) => {
      seen.planDigest = undefined;
      seen.observation.files["host-plan"] = undefined;
    });
    expect(rows).toMatchObject([{ kind: "plan", change: "missing", found: null }]);
  });

  it("a closed gate that a service cannot run without is named with what to do", () => {
    const report = driftOf((seen) => closeGate(seen, "nas-documents", false));
    expect(report.rows).toMatchObject([
      { kind: "gate", name: "nas-documents", declared: "open", found: "closed: nothing there" },
    ]);
    expect(report.hints[0]).toBe("gate nas-documents: look at the NAS");
  });

  it("a gate that services can do without is drift only when it is not as it was left", () => {
    expect(rowsOf((seen) => closeGate(seen, "dri", false))).toEqual([]);
    expect(rowsOf((seen) => closeGate(seen, "dri", true))).toMatchObject([
      { kind: "gate", name: "dri", declared: "open", found: "closed: nothing there" },
    ]);
  });

  it("a machine on which nothing was ever deployed has one row", () => {
    const rows = rowsOf((seen) => {
      Object.assign(seen, { containers: [], volumes: [], planDigest: undefined });
      Object.assign(seen.observation, { files: {}, containers: {}, gated: {} });
      seen.networks = seen.networks.filter(({ Name }) => Name === "bridge");
    });
    expect(rows).toEqual([
      {
        kind: "host",
        name: "docker-vm",
        change: "missing",
        field: "deployment",
        declared: "2 services",
        found: null,
      },
    ]);
  });
});
