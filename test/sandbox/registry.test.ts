import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { pushTarget, registryConfig } from "../../sandbox/registry.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";

const settings = sandboxSettings({ HOMELAB_SANDBOX: "/nowhere/box" });
const digest = `sha256:${"0".repeat(64)}`;

describe("where the registry keeps an image", () => {
  it.each([
    ["docker.io/pihole/pihole:2025.04.0", "198.18.77.2/pihole/pihole:2025.04.0"],
    ["docker.io/library/postgres:17-alpine", "198.18.77.2/library/postgres:17-alpine"],
    ["docker.io/postgres:17-alpine", "198.18.77.2/library/postgres:17-alpine"],
    [`ghcr.io/immich-app/server:v2@${digest}`, "198.18.77.2/immich-app/server:v2"],
  ])("is, for %s, %s", (reference, target) => {
    expect(pushTarget(settings, reference)).toBe(target);
  });

  it.each(["pihole/pihole:1", "docker.io/pihole/pihole", "docker.io/pihole:1 2"])(
    "is unknown for %j, which is no full reference",
    (reference) => {
      expect(() => pushTarget(settings, reference)).toThrow(/in full/);
    },
  );
});

it("makes the registry listen in the sandbox alone, with a certificate", () => {
  const files = { registryCertificate: "/t/r.crt", registryKey: "/t/r.key" };
  expect(parse(registryConfig("/images", "198.18.77.2", files))).toMatchObject({
    storage: { filesystem: { rootdirectory: "/images" } },
    http: { addr: "198.18.77.2:443", tls: { certificate: "/t/r.crt", key: "/t/r.key" } },
  });
});
