import { describe, expect, it } from "vitest";
import { unknownHost } from "../../../deploy/drift/drift.ts";
import { driftReport, driftReportSchema, type HostReport } from "../../../deploy/drift/rows.ts";
import { driftText } from "../../../cli/drift/text.ts";

const well: HostReport = {
  host: "nas",
  verdict: "none",
  absent: false,
  rows: [],
  hints: [],
  others: [],
};

const drifted: HostReport = {
  host: "docker-vm",
  verdict: "drift",
  absent: false,
  rows: [
    {
      host: "docker-vm",
      kind: "container",
      name: "dozzle",
      change: "changed",
      field: "memory",
      declared: "128 MiB",
      found: "200 MiB",
    },
    {
      host: "docker-vm",
      kind: "container",
      name: "test",
      change: "extra",
      field: "container",
      declared: null,
      found: "made by \u001b[31mhand\nand more",
    },
  ],
  hints: ["pulumi up -s docker-vm makes it as declared"],
  others: [{ kind: "container", name: "shop", owner: "coolify" }],
};

const away = unknownHost("vps", "ssh", "no answer within 10 s", "ssh vps true");

describe("the report", () => {
  it.each([
    ["0 when nothing differs", [well], 0],
    ["2 when something differs", [well, drifted], 2],
    ["1 when a host is away, whatever else differs", [well, drifted, away], 1],
  ] as const)("exits %s", (_, hosts, exitCode) => {
    expect(driftReport(hosts).exitCode).toBe(exitCode);
  });

  it("is what its schema says", () => {
    const report = driftReport([well, drifted, away]);
    expect(driftReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it("says of a host that is away that it is, in a row of its own", () => {
    expect(away.rows).toEqual([
      {
        host: "vps",
        kind: "host",
        name: "vps",
        change: "away",
        field: "ssh",
        declared: "answers",
        found: "no answer within 10 s",
      },
    ]);
  });

  it("has for a person a verdict, a table and what to do for each host", () => {
    expect(driftText(driftReport([well, drifted]))).toBe(`nas: as declared

docker-vm: 2 differences
WHAT               NAME    FIELD      DECLARED  FOUND
container changed  dozzle  memory     128 MiB   200 MiB
container extra    test    container  -         made by  [31mhand and more
-> pulumi up -s docker-vm makes it as declared
left alone, it belongs to others: container shop (coolify)
`);
  });
});
