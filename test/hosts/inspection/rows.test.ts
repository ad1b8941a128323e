import { describe, expect, it } from "vitest";
import { parseAnswer, type HostAnswer } from "../../../hosts/inspection/answer.ts";
import { containerRows } from "../../../hosts/inspection/container-rows.ts";
import { machineRows } from "../../../hosts/inspection/machine-rows.ts";
import { exitCodeOf, type CheckRow } from "../../../hosts/inspection/rows.ts";
import { sshRows } from "../../../hosts/inspection/ssh-rows.ts";
import { checkScript } from "../../../hosts/inspection/script.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { hostPlan, specFingerprint } from "../../../model/host-plan.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { isValidShell } from "../../support/shell.ts";
import { site } from "../../support/site.ts";

function service(name: string, more: Partial<ServiceDeclaration> = {}): ServiceDeclaration {
  return {
    name,
    stack: "media",
    phase: 12,
    image: "docker.io/library/redis:7-alpine",
    networks: [{ name: "media-net" }],
    health: { test: ["CMD", "true"] },
    limits: { memory: "64MiB", cpus: 0.5 },
    category: "media",
    ...more,
  };
}

const jellyfin = service("jellyfin", {
  requires: [
    { on: "gate:media", condition: "started", strength: "hard" },
    { on: "gate:dri", condition: "started", strength: "soft" },
  ],
});
const sonarr = service("sonarr");

const host: HostDeclaration = {
  host: "docker-vm",
  networks: [{ name: "media-net" }],
  volumes: [],
  gates: [
    {
      name: "media",
      kind: "mount",
      path: "/mnt/m",
      source: "nas:/m",
      writable: true,
      remedy: "mount it",
    },
    { name: "dri", kind: "device", path: "/dev/dri", remedy: "pass it through" },
  ],
  services: [jellyfin, sonarr],
  externals: [
    {
      name: "coolify",
      folder: "/data/coolify/source",
      start: ["docker", "compose", "up", "-d"],
      health: ["true"],
      networks: [],
      usedBy: {},
    },
  ],
};

const remedies = new Map(host.gates.map(({ name, remedy }) => [name, remedy]));

function id(letter: string): string {
  return letter.repeat(64);
}

function container(
  declared: ServiceDeclaration,
  letter: string,
  fields: Partial<Record<string, string>> = {},
) {
  const labels = {
    "homelab.spec": fields["spec"] ?? specFingerprint(declared),
    "homelab.service": declared.name,
  };
  return [
    "@container",
    `/${declared.name}`,
    id(letter),
    fields["status"] ?? "running",
    fields["health"] ?? "healthy",
    fields["restarts"] ?? "0",
    JSON.stringify(labels),
    JSON.stringify(fields["output"] ?? ""),
  ].join("\t");
}

const WELL = [
  "@engine\tversion\t29.1.3",
  "@node\tversion\tv22.12.0",
  "@unit\tenabled\tenabled",
  "@unit\tfailed\tactive",
  "@plan\twritten\tyes",
  "@disk\t/\t41",
  "@external\tcoolify\tmissing",
  container(jellyfin, "a"),
  container(sonarr, "b"),
  "condition media - never open",
  "condition dri written-3 open open",
  "file jellyfin written-1 ok",
  "file host-plan written-2 ok",
  `gate jellyfin ${id("a")}`,
  `gate sonarr ${id("b")}`,
];

/** What a well host answers, with some lines replaced by others that begin alike. */
function answer(...changes: string[]): HostAnswer {
  const start = (line: string): string => line.split(/[\t ]/).slice(0, 2).join(" ");
  const kept = WELL.filter((line) => !changes.some((change) => start(change) === start(line)));
  return parseAnswer([...kept, ...changes].join("\n"));
}

function troubles(seen: HostAnswer): Omit<CheckRow, "host">[] {
  const rows = [...machineRows(host, seen, remedies), ...containerRows(host, seen)];
  return rows.filter(({ state }) => state !== "ok");
}

describe("the checklist", () => {
  it("finds nothing on a host that is well", () => {
    expect(troubles(answer())).toEqual([]);
  });

  it("says nothing of sshd's limits while they are its own, higher, or not to be seen", () => {
    for (const sshd of ["maxstartups 10:30:100 maxsessions 10", "maxsessions 64", ""]) {
      expect(sshRows("nas", { greeting: "", sshd }).map(({ state }) => state)).toEqual(["ok"]);
    }
  });

  it.each([
    [
      "maxstartups 10:30:100 maxsessions 2",
      "sshd MaxSessions",
      "2, below sshd's own default of 10",
    ],
    ["maxstartups 3:50:10 maxsessions 10", "sshd MaxStartups", "3:50:10, below"],
  ])("calls %j a failure and says what to remove", (sshd, check, seen) => {
    const row = sshRows("nas", { greeting: "", sshd }).find((one) => one.check === check);
    expect(row).toMatchObject({ state: "failure", seen: expect.stringContaining(seen) as string });
    expect(row?.remedy).toContain("/etc/ssh/sshd_config");
  });

  it("names the line that a login prints, and where it may come from", () => {
    const [row] = sshRows("nas", { greeting: "Welcome to nas", sshd: "" });
    expect(row?.state).toBe("failure");
    expect(row?.seen).toContain('"Welcome to nas"');
    expect(row?.remedy).toContain(".bashrc");
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

  it("names a container that is unhealthy with the last output of its check", () => {
    const line = container(sonarr, "b", { health: "unhealthy", output: "curl: (7)\n refused" });
    expect(troubles(answer(line))).toContainEqual(
      expect.objectContaining({
        check: "container sonarr",
        state: "failure",
        seen: "unhealthy: curl: (7) refused",
      }),
    );
  });

  it("names a container that stopped, with its restarts", () => {
    const line = container(sonarr, "b", { status: "exited", restarts: "3" });
    expect(troubles(answer(line))[0]?.seen).toBe("exited after 3 restarts");
  });

  it("names a missing container and the command that makes it", () => {
    const seen = parseAnswer(WELL.filter((line) => !line.includes("/sonarr")).join("\n"));
    expect(troubles(seen)).toEqual([
      {
        check: "container sonarr",
        state: "failure",
        seen: "missing",
        remedy: "pulumi up -s docker-vm",
      },
    ]);
  });

  it("names a container that someone made anew under a name of ours, and how to adopt it", () => {
    const theirs = container(sonarr, "c").replace("homelab.service", "other");
    expect(troubles(answer(theirs))).toEqual([
      expect.objectContaining({
        check: "container sonarr",
        state: "failure",
        remedy: "npx homelab adopt docker-vm sonarr, then pulumi up -s docker-vm",
      }),
    ]);
  });

  it("warns of a container of ours whose deployment was cut short before its gate", () => {
    expect(troubles(answer(container(sonarr, "c")))).toEqual([
      expect.objectContaining({
        check: "container sonarr",
        state: "warning",
        seen: "never went through its gate",
        remedy: "pulumi up -s docker-vm",
      }),
    ]);
  });

  it("warns of a container that runs an older declaration, and of files changed by hand", () => {
    expect(troubles(answer(container(sonarr, "b", { spec: "old" })))[0]?.seen).toBe(
      "runs an older declaration",
    );
    expect(troubles(answer("file jellyfin written-1 changed"))).toEqual([
      expect.objectContaining({ check: "files", seen: "changed by hand or missing: jellyfin" }),
    ]);
  });

  it("leaves containers of others alone, and warns of ones that were ours", () => {
    const other = container(service("minecraft"), "d").replace("homelab.service", "other");
    const left = container(service("old-app"), "e");
    const rows = containerRows(host, answer(other, left));
    expect(rows).toContainEqual(expect.objectContaining({ check: "others", state: "ok" }));
    expect(rows).toContainEqual(
      expect.objectContaining({
        check: "leftovers",
        state: "warning",
        seen: "no longer declared: old-app",
      }),
    );
  });

  it("takes an installer's containers for its own", () => {
    const labels = JSON.stringify({
      "com.docker.compose.project.working_dir": "/data/coolify/source",
    });
    const line = `@container\t/coolify-db\t${id("f")}\trunning\thealthy\t0\t${labels}\t""`;
    expect(containerRows(host, answer(line)).map(({ check }) => check)).toEqual(["containers"]);
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

describe("the script that looks", () => {
  it("is a script that a POSIX shell can read, for every host", () => {
    const fleet = declareFleet(site);
    for (const declaration of HOSTS.map((name) => fleet[name].declaration)) {
      const { gates } = hostPlan(declaration, { version: 1, images: {} }, "");
      expect(isValidShell(checkScript(declaration, gates))).toBe(true);
    }
  });
});
