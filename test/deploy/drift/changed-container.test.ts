import { describe, expect, it } from "vitest";
import type { InspectedContainer } from "../../../hosts/engine/inspect.ts";
import { hexOf } from "./imitated-host.ts";
import { changedContainer, container, db, rowsOf } from "./changed-host.ts";

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
