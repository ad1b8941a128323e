import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cloudInit } from "../../../components/machine/cloud-init.plan.ts";
import { PUBLIC_KEY } from "../../support/rented-site.ts";

const CLIENT = "docker.io/tailscale/tailscale:v1.2.3@sha256:abc";

const machine = {
  loginUser: "linuxuser",
  sshKeys: { laptop: PUBLIC_KEY },
  dnsName: "vps.home.example",
};
const text = cloudInit({ ...machine, coordinator: "hs.home.example" }, CLIENT);
const config = parse(text) as {
  hostname: string;
  ssh_pwauth: boolean;
  disable_root: boolean;
  packages: string[];
  users: { name: string; uid?: number; groups?: string[]; ssh_authorized_keys: string[] }[];
  write_files: { path: string; content: string }[];
  runcmd: string[];
};

describe("the first boot of a rented machine", () => {
  it("is told in a form that cloud-init recognises and that fits into the provider's limit", () => {
    expect(text.startsWith("#cloud-config\n")).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(32 * 1024);
  });

  it("installs an engine and starts it before anything uses it", () => {
    expect(config.packages).toEqual(expect.arrayContaining(["docker.io", "docker-cli"]));
    const first = config.runcmd.findIndex((line) => line.startsWith("docker "));
    expect(config.runcmd.indexOf("systemctl enable --now docker")).toBeLessThan(first);
  });

  it("installs what runs the boot orchestrator", () => {
    expect(config.packages).toContain("nodejs");
  });

  it("lets root and the person who logs in come in with a key, and nobody with a password", () => {
    expect(config.users.map(({ name }) => name)).toEqual(["root", "linuxuser"]);
    for (const user of config.users) expect(user.ssh_authorized_keys).toEqual([PUBLIC_KEY]);
    expect(config).toMatchObject({ ssh_pwauth: false, disable_root: false });
  });

  it("makes that person the one who may read the copies of Headscale's data", () => {
    expect(config.users[1]).toMatchObject({ uid: 1000, groups: ["sudo", "docker"] });
  });

  it("starts the mesh's client from its pinned image, without joining", () => {
    expect(config.runcmd).toContain(`docker create --quiet --name mesh-client ${CLIENT}`);
    expect(config.runcmd.at(-1)).toBe("systemctl enable --now tailscaled");
    expect(text).not.toMatch(/tailscale up|auth-?key|tskey/i);
  });

  it("names no coordinator of its own where that is somebody else's", () => {
    expect(cloudInit(machine, CLIENT)).not.toContain("127.0.0.1");
  });

  it("reaches the coordinator, which is itself, without DNS", () => {
    expect(config.runcmd.join("\n")).toContain("127.0.0.1 hs.home.example");
    expect(config).toMatchObject({ manage_etc_hosts: false });
  });
});
