import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../sandbox/settings.ts";

describe("the sandbox's settings", () => {
  it("take folder, network and cache from the environment", () => {
    const settings = sandboxSettings({
      HOMELAB_SANDBOX: "/nowhere/box",
      HOMELAB_SANDBOX_NET: "198.19.4",
      HOMELAB_CACHE: "/nowhere/cache",
    });
    expect(settings).toMatchObject({ folder: "/nowhere/box", cache: "/nowhere/cache" });
    expect(settings.network.user).toBe("198.19.4.1");
  });

  it("refuse a folder whose sockets would not fit into 107 characters", () => {
    expect(() => sandboxSettings({ HOMELAB_SANDBOX: `/${"x".repeat(60)}` })).toThrow(
      /42 characters/,
    );
  });

  it("refuse a folder with a character that a mount option or a shell would read", () => {
    expect(() => sandboxSettings({ HOMELAB_SANDBOX: "/var/lib/my sandbox" })).toThrow(/letters/);
    expect(() => sandboxSettings({ HOMELAB_SANDBOX: "/var/lib/a:b" })).toThrow(/letters/);
  });
});
