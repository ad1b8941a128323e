import { describe, expect, it } from "vitest";
import * as printed from "./printed.ts";
import { rowsOf, troubles } from "./well-machine.ts";

describe("Docker", () => {
  it.each([
    ["the snap", { DockerRootDir: "/var/snap/docker/common/var-lib-docker" }, "it is the snap"],
    [
      "a rootless engine",
      {
        DockerRootDir: "/home/ana/.local/share/docker",
        SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"],
      },
      "it runs without root",
    ],
    ["Docker Desktop", { OperatingSystem: "Docker Desktop" }, "it is Docker Desktop"],
    [
      "an engine with userns-remap",
      { SecurityOptions: ["name=apparmor", "name=userns"], DockerRootDir: "/var/lib/docker/1.1" },
      "userns-remap is on",
    ],
  ])("is refused as %s, with the way to the engine", (_what, changes, seen) => {
    const [row, ...more] = troubles({ "docker-info": printed.dockerInfo(changes) });
    expect(more).toEqual([]);
    expect(row).toMatchObject({ check: "docker kind", state: "failure" });
    expect(row?.seen).toContain(seen);
    expect(row?.remedy).toMatch(/docker/);
  });

  it.each([
    ["podman-docker's command", printed.PODMAN],
    [
      "the docker command on podman's socket",
      printed.dockerInfo({
        ServerVersion: "5.4.2",
        DockerRootDir: "/var/lib/containers/storage",
      }),
    ],
    [
      "podman-docker's complaint about a format it does not know",
      "Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.\nError: template: info:1:2",
    ],
  ])("is refused as %s", (_what, text) => {
    expect(troubles({ "docker-info": text })).toEqual([
      expect.objectContaining({
        check: "docker kind",
        state: "failure",
        remedy: expect.stringContaining("apt-get remove podman-docker") as string,
      }),
    ]);
  });

  it("that does not run has no kind: its version's row says that it does not answer", () => {
    expect(rowsOf({ "docker-info": printed.NO_ENGINE }).map(({ check }) => check)).not.toContain(
      "docker kind",
    );
  });

  it("may keep images in containerd's store, which is told, and not as vfs", () => {
    const storage = (changes: Readonly<Record<string, unknown>>) =>
      rowsOf({ "docker-info": printed.dockerInfo(changes) }).find(
        ({ check }) => check === "docker storage",
      );
    expect(storage({})).toMatchObject({ state: "ok", seen: "overlay2" });
    expect(
      storage({
        Driver: "overlayfs",
        DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]],
      }),
    ).toMatchObject({ state: "ok", seen: expect.stringContaining("containerd's store") as string });
    expect(storage({ Driver: "vfs" })).toMatchObject({ state: "warning" });
  });

  it("has to be able to limit memory, which a Raspberry Pi's kernel does not by itself", () => {
    expect(troubles({ "docker-info": printed.dockerInfo({ MemoryLimit: false }) })).toEqual([
      expect.objectContaining({
        check: "docker limits",
        state: "failure",
        remedy: expect.stringContaining("cgroup_enable=memory") as string,
      }),
    ]);
  });
});
