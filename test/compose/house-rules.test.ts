import { describe, expect, it } from "vitest";
import { imported, told } from "./support/imported.ts";
import { service } from "./support/service.ts";

describe("the rules of the house", () => {
  const lines = told(imported("house-rules"));

  it.each([
    ["an image without a version", /^decide services\.agent\.image: which version of /],
    ["an image that is built", /^decide services\.migrate\.build: "migrate" has no image/],
    ["privileged", /^decide services\.agent\.privileged: no container/],
    ["the host's network", /^decide services\.agent\.network_mode: which ports/],
    ["the engine's socket", /^decide services\.agent\.volumes\[1\]: whether "agent" may have/],
    ["a folder of the host", /^decide services\.agent\.volumes\[0\]: which folder/],
    ["a share as a volume", /^decide services\.agent\.volumes\[3\]: where on docker-vm a share/],
    ["a service without a check", /^decide services\.agent\.image: how the engine finds out/],
    ["a user by name", /^decide services\.panel\.user: which numbers "www-data"/],
    ["a container that ends", /^decide services\.panel\.depends_on\.migrate: how "migrate" does/],
    ["restarts", /^changed services\.agent\.restart: "always": started again after a crash/],
    ["a volume without a name", /^changed services\.agent\.volumes\[4\]: the volume without/],
    ["security options", /^dropped services\.agent\.security_opt: /],
    ["a port that the engine chooses", /^dropped services\.panel\.ports: 8443: /],
    ["an address of IPv6", /^dropped services\.panel\.ports: 8080:8080\/tcp: only addresses/],
    ["an open port", /^assumed services\.panel\.ports: 9443:9443\/tcp stays open/],
    ["Watchtower", /^dropped services\.watchtower\.image: "watchtower" is left out/],
  ])("say what becomes of %s", (_, line) => {
    expect(lines).toContainEqual(expect.stringMatching(line));
  });

  it("mount the engine's socket read-only, whatever the file says", () => {
    const agent = service("house-rules", "house-rules-agent");
    expect(agent.mounts).toContainEqual({
      kind: "bind",
      source: "/var/run/docker.sock",
      target: "/var/run/docker.sock",
      readOnly: true,
    });
  });

  it("give a user of its own no capability but those that the file adds", () => {
    expect(service("feeds", "feeds")).not.toHaveProperty("capabilities");
    expect(service("media-set", "media-set-gluetun", ["*"]).capabilities).toContain("NET_ADMIN");
  });

  it("write a device behind a gate of the household, or ask for one", () => {
    const jellyfin = service("media-set", "media-set-jellyfin", ["*"]);
    expect(jellyfin.devices).toEqual(["/dev/dri"]);
    expect(jellyfin.requires).toContainEqual(expect.objectContaining({ on: "gate:dri" }));
    expect(told(imported("media-set", { profiles: ["*"] }))).toContainEqual(
      expect.stringMatching(/^decide services\.gluetun\.devices: add the gate \{ name: "net-tun"/),
    );
  });
});
