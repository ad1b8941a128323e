import { describe, expect, it } from "vitest";
import { driftText } from "../../../cli/drift/text.ts";
import { compareHost } from "../../../deploy/drift/compare-host.ts";
import type { InspectedContainer } from "../../../hosts/engine/inspect.ts";
import { driftReport, type Difference } from "../../../deploy/drift/rows.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { hosts } from "../../support/fleet.ts";
import {
  containerAsMade,
  hexOf,
  hostAsDeclared,
  lockOf,
  network,
  volume,
  type SeenHost,
} from "./imitated-host.ts";

const db: ServiceDeclaration = {
  name: "db",
  stack: "documents",
  phase: 9,
  image: "docker.io/library/postgres:17",
  command: ["postgres", "-c", "fsync=on"],
  user: "70:70",
  env: { TZ: "Etc/UTC", PGDATA: "/data" },
  networks: [{ name: "documents-net", aliases: ["database"], address: "10.9.0.4" }],
  ports: [{ bind: "127.0.0.1", host: 5432, container: 5432, protocol: "tcp" }],
  mounts: [
    { kind: "volume", volume: "db-data", target: "/data" },
    { kind: "bind", source: "/mnt/nas/documents", target: "/documents", readOnly: true },
    { kind: "tmpfs", target: "/tmp", size: "64MiB" },
  ],
  files: [{ target: "/etc/db.conf", content: { kind: "text", text: "fsync = on" } }],
  devices: ["/dev/dri"],
  health: { test: ["CMD", "pg_isready"] },
  limits: { memory: "256MiB", cpus: 0.5 },
  capabilities: ["CHOWN", "SETUID"],
  requires: [
    { on: "gate:nas-documents", condition: "started", strength: "hard" },
    { on: "gate:dri", condition: "started", strength: "soft" },
  ],
  category: "documents",
};

const web: ServiceDeclaration = {
  name: "web",
  stack: "documents",
  phase: 9,
  image: "docker.io/library/nginx:1.27",
  networks: [{ name: "documents-net" }],
  health: { test: ["CMD-SHELL", "wget -q localhost"] },
  limits: { memory: "64MiB", cpus: 1 },
  category: "documents",
};

const host: HostDeclaration = {
  host: "docker-vm",
  networks: [{ name: "documents-net", subnet: "10.9.0.0/24", gateway: "10.9.0.1" }],
  volumes: [{ name: "db-data" }],
  gates: [
    {
      name: "nas-documents",
      kind: "mount",
      path: "/mnt/nas/documents",
      source: "nas:/srv/documents",
      writable: false,
      remedy: "look at the NAS",
    },
    { name: "dri", kind: "device", path: "/dev/dri", remedy: "pass it through" },
    { name: "mesh", kind: "mesh", address: "100.64.0.3", remedy: "look at the mesh" },
  ],
  services: [db, web],
  externals: [
    {
      name: "coolify",
      folder: "/data/coolify/source",
      start: ["true"],
      health: ["true"],
      networks: ["coolify"],
      usedBy: {},
    },
  ],
};

const lock = lockOf(host);

/** What is reported of a host that somebody changed. */
function driftOf(change: (seen: SeenHost) => void) {
  const seen = hostAsDeclared(host, lock);
  change(seen);
  return compareHost(host, lock, seen);
}

/** The differences of that host, without its name. */
function rowsOf(change: (seen: SeenHost) => void): Difference[] {
  return driftOf(change).rows.map(({ host: _host, ...row }) => row);
}

/** The differences after a change of the container "db". */
function changedContainer(change: (container: InspectedContainer) => void): Difference[] {
  return rowsOf(({ containers: [first] }) => {
    if (first) change(first);
  });
}

const container = { kind: "container", name: "db", change: "changed" } as const;

describe("a host on which everything is as declared", () => {
  it("has no drift", () => {
    expect(driftOf(() => undefined)).toEqual({
      host: "docker-vm",
      verdict: "none",
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

describe("a container that was changed", () => {
  it.each<[string, string, (seen: InspectedContainer) => void, string | null, string | null]>([
    [
      "another image",
      "image",
      (made) => {
        made.Config.Image = "docker.io/library/postgres:16@sha256:aa";
        made.Image = "sha256:bb";
      },
      `docker.io/library/postgres:17@sha256:${hexOf(db.image)}`,
      "docker.io/library/postgres:16@sha256:aa",
    ],
    ["another user", "user", ({ Config }) => (Config.User = "0:0"), "70:70", "0:0"],
    [
      "another hostname",
      "hostname",
      ({ Config }) => (Config.Hostname = "else"),
      hexOf("db").slice(0, 12),
      "else",
    ],
    [
      "one more network",
      "networks",
      ({ NetworkSettings }) => Object.assign(NetworkSettings.Networks ?? {}, { bridge: {} }),
      null,
      "bridge",
    ],
    [
      "another address",
      "networks",
      ({ NetworkSettings }) => {
        const [endpoint] = Object.values(NetworkSettings.Networks ?? {});
        if (endpoint) endpoint.IPAMConfig = { IPv4Address: "10.9.0.5" };
      },
      "documents-net at 10.9.0.4",
      "documents-net at 10.9.0.5",
    ],
    [
      "a port open to all",
      "ports",
      ({ HostConfig }) =>
        (HostConfig.PortBindings = { "5432/tcp": [{ HostIp: "", HostPort: "5432" }] }),
      "127.0.0.1:5432 -> 5432/tcp",
      "0.0.0.0:5432 -> 5432/tcp",
    ],
    [
      "a mount that can be written",
      "mounts",
      ({ Mounts }) =>
        Mounts?.filter(({ Type }) => Type === "bind").forEach(
          (it) => (it.RW = it.Destination === "/documents"),
        ),
      "bind /mnt/nas/documents at /documents, read-only",
      "bind /mnt/nas/documents at /documents",
    ],
    [
      "another tmpfs",
      "tmpfs",
      ({ HostConfig }) => (HostConfig.Tmpfs = { "/tmp": "size=1m" }),
      "/tmp size=64m",
      "/tmp size=1m",
    ],
    ["no device", "devices", ({ HostConfig }) => (HostConfig.Devices = []), "/dev/dri", null],
    [
      "another name in /etc/hosts",
      "extraHosts",
      ({ HostConfig }) => (HostConfig.ExtraHosts = ["nas:192.0.2.1"]),
      null,
      "nas:192.0.2.1",
    ],
    [
      "a lower limit of processors",
      "cpus",
      ({ HostConfig }) => (HostConfig.NanoCpus = 250_000_000),
      "0.5",
      "0.25",
    ],
    [
      "swap",
      "swap",
      ({ HostConfig }) => (HostConfig.MemorySwap = HostConfig.Memory * 2),
      "0 MiB",
      "256 MiB",
    ],
    [
      "more shared memory",
      "sharedMemory",
      ({ HostConfig }) => (HostConfig.ShmSize = 128 * 1024 * 1024),
      "64 MiB",
      "128 MiB",
    ],
    [
      "one more capability",
      "capabilities",
      ({ HostConfig }) => HostConfig.CapAdd?.push("CAP_SYS_ADMIN"),
      null,
      "SYS_ADMIN",
    ],
    [
      "new privileges allowed",
      "securityOptions",
      ({ HostConfig }) => (HostConfig.SecurityOpt = null),
      "no-new-privileges:true",
      null,
    ],
    ["all rights", "privileged", ({ HostConfig }) => (HostConfig.Privileged = true), "no", "yes"],
    [
      "a read-only root",
      "readOnlyRoot",
      ({ HostConfig }) => (HostConfig.ReadonlyRootfs = true),
      "no",
      "yes",
    ],
    ["a group", "groups", ({ HostConfig }) => (HostConfig.GroupAdd = ["44"]), null, "44"],
    ["an init process", "init", ({ HostConfig }) => (HostConfig.Init = true), "no", "yes"],
    [
      "the host's processes",
      "processes",
      ({ HostConfig }) => (HostConfig.PidMode = "host"),
      "its own",
      "the host's",
    ],
    [
      "another restart policy",
      "restart",
      ({ HostConfig }) => (HostConfig.RestartPolicy.Name = "always"),
      "on-failure",
      "always",
    ],
    [
      "other logs",
      "logs",
      ({ HostConfig }) => (HostConfig.LogConfig = { Type: "journald", Config: {} }),
      "json-file, max-file=3, max-size=10m",
      "journald",
    ],
    [
      "a rarer check",
      "health",
      ({ Config }) => Object.assign(Config.Healthcheck ?? {}, { Interval: 60e9 }),
      "interval 30 s",
      "interval 60 s",
    ],
    ["another time to stop", "stopTime", ({ Config }) => (Config.StopTimeout = 1), "30 s", "1 s"],
    [
      "another label",
      "label homelab.category",
      ({ Config }) => Object.assign(Config.Labels ?? {}, { "homelab.category": "media" }),
      "documents",
      "media",
    ],
  ])("to %s has exactly that row", (_, field, change, declared, found) => {
    expect(changedContainer(change)).toEqual([{ ...container, field, declared, found }]);
  });

  it("to another limit of memory has a row for the memory alone when there is still no swap", () => {
    const rows = changedContainer(({ HostConfig }) => {
      HostConfig.Memory = HostConfig.MemorySwap = 200 * 1024 * 1024;
    });
    expect(rows).toEqual([
      { ...container, field: "memory", declared: "256 MiB", found: "200 MiB" },
    ]);
  });

  it("is as declared under another name of the same bytes", () => {
    expect(changedContainer(({ Config }) => (Config.Image = "postgres:17"))).toEqual([]);
  });

  it("is not said to have too much of what only its image could tell", () => {
    const rows = rowsOf((seen) => {
      seen.images = [];
      const [first] = seen.containers;
      if (first) first.Config.User = "70:70";
    });
    expect(rows).toEqual([]);
  });
});

describe("a value that may be a secret, in every form of the output,", () => {
  const SECRET = "canary-hunter2";

  it.each<[string, (seen: InspectedContainer) => void, string, string | null, string | null]>([
    [
      "in a variable that is declared otherwise",
      ({ Config }) => (Config.Env = Config.Env?.map((it) => it.replace("Etc/UTC", SECRET)) ?? []),
      "environment TZ",
      "***",
      "*** (another)",
    ],
    [
      "in a variable that is not declared",
      ({ Config }) => Config.Env?.push(`PASSWORD=${SECRET}`),
      "environment PASSWORD",
      null,
      "***",
    ],
    [
      "on a command line",
      ({ Config }) => Config.Cmd?.push(`--password=${SECRET}`),
      "command",
      "postgres -c fsync=on",
      "postgres -c fsync=on ***",
    ],
    [
      "in an entrypoint",
      ({ Config }) => Config.Entrypoint?.push(SECRET),
      "entrypoint",
      "/entry",
      "/entry ***",
    ],
    [
      "in a health check",
      ({ Config }) => Config.Healthcheck?.Test?.push(SECRET),
      "healthTest",
      "CMD pg_isready",
      "CMD pg_isready ***",
    ],
    [
      "in a label of somebody else's",
      ({ Config }) => Object.assign(Config.Labels ?? {}, { token: SECRET }),
      "label token",
      null,
      "***",
    ],
    [
      "in an option of the logs",
      ({ HostConfig }) => Object.assign(HostConfig.LogConfig.Config ?? {}, { token: SECRET }),
      "logs",
      null,
      "token=***",
    ],
  ])("%s is masked", (_, change, field, declared, found) => {
    const report = driftOf(({ containers: [first] }) => {
      if (first) change(first);
    });
    expect(report.rows).toEqual([{ host: "docker-vm", ...container, field, declared, found }]);
    expect(JSON.stringify(report)).not.toContain(SECRET);
    expect(driftText(driftReport([report]))).not.toContain(SECRET);
  });

  it("has a row when a declared variable is gone", () => {
    expect(changedContainer(({ Config }) => Config.Env?.splice(0, 1))).toEqual([
      { ...container, field: "environment TZ", declared: "***", found: null },
    ]);
  });

  it("has a row when the fingerprint of the files is gone, and shows none", () => {
    const rows = changedContainer(({ Config }) => delete Config.Labels?.["homelab.files"]);
    expect(rows).toEqual([
      { ...container, field: "label homelab.files", declared: "***", found: null },
    ]);
  });
});

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

function closeGate({ observation }: SeenHost, name: string, before = true): void {
  observation.conditions[name] = {
    open: false,
    seen: "nothing there",
    last: { token: "token", open: before },
  };
}

describe("what is there and not declared", () => {
  const extra = (change: (seen: SeenHost) => void) =>
    rowsOf(change).map(({ kind, name, found }) => `${kind} ${name}: ${found}`);

  function stranger(name: string, labels: Record<string, string>): InspectedContainer {
    const made = structuredClone<InspectedContainer>(containerAsMade(host, { ...web, name }, lock));
    made.Config.Labels = labels;
    made.Mounts = [{ Type: "volume", Name: `${name}-data`, Destination: "/d", RW: true }];
    made.NetworkSettings.Networks = { [`${name}-net`]: {} };
    return made;
  }

  function withOwn(name: string, labels: Record<string, string>) {
    return (seen: SeenHost): void => {
      seen.containers.push(stranger(name, labels));
      seen.networks.push(network(`${name}-net`));
      seen.volumes.push(volume(`${name}-data`));
    };
  }

  it("is reported when a person made it by hand, with the networks and volumes that it alone uses", () => {
    expect(extra(withOwn("test", {}))).toEqual([
      "container test: made by hand",
      "network test-net: not declared",
      "volume test-data: not declared; its data is kept",
    ]);
  });

  it("is reported when it was declared once, whatever else its labels say", () => {
    const labels = { "homelab.service": "old", "com.docker.compose.project": "mine" };
    expect(extra((seen) => seen.containers.push(stranger("old", labels)))).toEqual([
      "container old: no longer declared",
    ]);
  });

  it.each([
    ["Coolify deploys it", { "coolify.managed": "true" }, "coolify"],
    [
      "it is Coolify itself",
      { "com.docker.compose.project.working_dir": "/data/coolify/source" },
      "coolify",
    ],
    ["a Compose file has it", { "com.docker.compose.project": "mine" }, "Compose project mine"],
  ])("belongs to others when %s, and so does what it alone uses", (_, labels, owner) => {
    const report = driftOf(withOwn("theirs", labels));
    expect(report.rows).toEqual([]);
    expect(report.verdict).toBe("none");
    expect(report.others).toEqual([
      { kind: "container", name: "theirs", owner },
      { kind: "network", name: "theirs-net", owner },
      { kind: "volume", name: "theirs-data", owner },
    ]);
  });

  it("is passed over when it is the network of Coolify, or a volume without a name", () => {
    const report = driftOf((seen) => {
      seen.networks.push(network("coolify"));
      seen.volumes.push(volume(hexOf("nameless")));
    });
    expect(report.rows).toEqual([]);
    expect(report.others).toEqual([{ kind: "network", name: "coolify", owner: "coolify" }]);
  });
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
