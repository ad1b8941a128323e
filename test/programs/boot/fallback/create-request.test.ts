import { describe, expect, it } from "vitest";
import { createRequest, networksOf } from "../../../../programs/boot/fallback/create-request.ts";
import { sightOf } from "../../../../programs/boot/fallback/inspected.ts";

const ID = "3f0c1a9b77de".padEnd(64, "0");

/** As an engine answers `docker inspect`, but for what has no counterpart in the request. */
const INSPECTED = {
  Id: ID,
  Name: "/headscale",
  Created: "2026-11-27T12:00:00Z",
  Image: `sha256:${"1".repeat(64)}`,
  RestartCount: 0,
  State: { Status: "running", Health: { Status: "healthy" } },
  Config: {
    Hostname: ID.slice(0, 12),
    Domainname: "",
    User: "1000:1000",
    Env: ["TZ=Europe/Berlin", "PATH=/bin"],
    Cmd: ["serve"],
    Entrypoint: ["headscale"],
    Image: "docker.io/headscale/headscale:0.28@sha256:2",
    Labels: { "homelab.service": "headscale", "homelab.spec": "spec" },
    StopTimeout: 30,
    Healthcheck: { Test: ["CMD", "headscale", "health"], Interval: 30_000_000_000 },
  },
  HostConfig: {
    NetworkMode: "bridge",
    Binds: ["headscale-data:/var/lib/headscale"],
    Memory: 268_435_456,
    PortBindings: { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: "8085" }] },
  },
  NetworkSettings: {
    Networks: {
      "headscale-net": {
        IPAMConfig: { IPv4Address: "172.20.0.53" },
        Links: null,
        Aliases: ["coordinator", ID.slice(0, 12)],
        MacAddress: "02:42:ac:14:00:35",
        NetworkID: "n",
        EndpointID: "e",
        Gateway: "172.20.0.1",
        IPAddress: "172.20.0.53",
        DriverOpts: null,
        GwPriority: 0,
      },
      "other-net": { IPAMConfig: null, Aliases: [ID.slice(0, 12)], MacAddress: "02:42:00" },
    },
  },
};

describe("the request that makes a container once more", () => {
  it("has all that it was made from, and nothing that the engine made up for it", () => {
    const { Hostname: _own, ...config } = INSPECTED.Config;
    expect(createRequest(INSPECTED)).toEqual({
      ...config,
      HostConfig: INSPECTED.HostConfig,
      NetworkingConfig: {
        EndpointsConfig: {
          "headscale-net": {
            IPAMConfig: { IPv4Address: "172.20.0.53" },
            Aliases: ["coordinator"],
          },
          "other-net": {},
        },
      },
    });
    expect(networksOf(INSPECTED)).toEqual(["headscale-net", "other-net"]);
  });

  it("keeps a host name that was asked for", () => {
    const named = { ...INSPECTED, Config: { ...INSPECTED.Config, Hostname: "mesh" } };
    expect(createRequest(named)).toMatchObject({ Hostname: "mesh" });
  });

  it("says nothing of networks, or of its host name, where it has the host's", () => {
    const hosts = {
      ...INSPECTED,
      Config: { ...INSPECTED.Config, Hostname: "vps" },
      HostConfig: { ...INSPECTED.HostConfig, NetworkMode: "host" },
      NetworkSettings: { Networks: { host: {} } },
    };
    expect(createRequest(hosts)).not.toHaveProperty("NetworkingConfig");
    expect(createRequest(hosts)).not.toHaveProperty("Hostname");
    expect(networksOf(hosts)).toEqual([]);
  });
});

describe("how a container is", () => {
  it.each([
    ["running", "healthy", 9, "well"],
    ["running", "starting", 2, "undecided"],
    ["running", "starting", 3, "crashing"],
    ["running", "unhealthy", 0, "unhealthy"],
    ["restarting", "unhealthy", 3, "crashing"],
    ["restarting", "unhealthy", 1, "undecided"],
    ["paused", "healthy", 0, "undecided"],
    ["exited", "unhealthy", 0, "stopped"],
    ["created", "", 0, "stopped"],
  ])("that is %s, %s and was started again %i times is: %s", (Status, health, restarts, sight) => {
    const State = { Status, Health: { Status: health } };
    expect(sightOf({ State, RestartCount: restarts })).toBe(sight);
  });

  it("that is not there is: missing", () => {
    expect(sightOf(undefined)).toBe("missing");
  });
});
