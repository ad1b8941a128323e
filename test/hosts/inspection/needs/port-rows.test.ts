import { describe, expect, it } from "vitest";
import * as printed from "./printed.ts";
import { container, troubles, vps } from "./well-machine.ts";

describe("a port that we publish", () => {
  it.each([
    ["Ubuntu 24.04", printed.RESOLVED],
    [
      "Debian 12",
      printed.RESOLVED.split("\n")
        .filter((line) => !line.includes("127.0.0.54"))
        .join("\n"),
    ],
  ])("53 is held by the stub of systemd-resolved on %s, which is told in one row", (_os, stub) => {
    expect(troubles({ listeners: printed.LISTENERS + stub })).toEqual([
      {
        check: "port 53",
        state: "failure",
        seen: "tcp and udp is held by systemd-resolved, so pihole cannot listen there",
        remedy: expect.stringContaining("DNSStubListener=no") as string,
      },
    ]);
  });

  it("53 is no matter where we publish it on other addresses than the stub's", () => {
    expect(troubles({ listeners: printed.LISTENERS + printed.RESOLVED }, vps)).toEqual([]);
  });

  it("names a foreign program with the command that says what it is", () => {
    const nginx =
      'tcp   LISTEN 0      511          0.0.0.0:443        0.0.0.0:*    users:(("nginx",pid=1010,fd=6),("nginx",pid=1009,fd=6))\n';
    expect(troubles({ listeners: nginx })).toEqual([
      {
        check: "port 443",
        state: "failure",
        seen: "tcp is held by nginx, so caddy cannot listen there",
        remedy:
          "ssh docker-vm systemctl status 1010 says what it is; stop and disable it there, or give it another port",
      },
    ]);
  });

  it("is free for all that a listener on IPv6 alone, another protocol or another port has", () => {
    const others = `tcp   LISTEN 0      511             [::]:443           [::]:*    users:(("nginx",pid=1,fd=6))
udp   UNCONN 0      0            0.0.0.0:8096       0.0.0.0:*    users:(("jellyfin",pid=2,fd=6))
tcp   LISTEN 0      511          0.0.0.0:4430       0.0.0.0:*    users:(("nginx",pid=1,fd=6))
`;
    expect(troubles({ listeners: others })).toEqual([]);
  });

  it("is held by a container of somebody else's, and not by the engine's proxy of our own", () => {
    const proxy =
      'tcp   LISTEN 0      4096         0.0.0.0:443        0.0.0.0:*    users:(("docker-proxy",pid=2001,fd=7))\n';
    const published = { "443/tcp": [{ HostIp: "0.0.0.0", HostPort: "443" }], "80/tcp": null };
    const ours = container("caddy", published, { "homelab.service": "caddy" });
    expect(troubles({ listeners: proxy, container: ours })).toEqual([]);
    // With "userland-proxy": false the engine listens itself.
    const engine = proxy.replace("docker-proxy", "dockerd");
    expect(troubles({ listeners: engine, container: ours })).toEqual([]);
    expect(troubles({ listeners: proxy, container: container("traefik", published) })).toEqual([
      expect.objectContaining({
        check: "port 443",
        seen: "tcp is held by the container traefik, so caddy cannot listen there",
        remedy: expect.stringContaining("docker stop traefik") as string,
      }),
    ]);
  });
});
