import { describe, expect, it } from "vitest";
import { groupName, hierarchies } from "../../sandbox/control-groups.ts";
import { mountPointsBelow } from "../../sandbox/mount-table.ts";
import { hardwareAddress, hubBatch, machineBatch } from "../../sandbox/network.ts";

const MOUNTINFO = `27 1 254:0 / / rw - ext4 /dev/vda rw
31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
50 27 0:4 net:[1] /s/net/hub rw - nsfs nsfs rw
51 27 0:50 / /s/machines/vps/root rw - overlay overlay rw
52 51 0:51 / /s/machines/vps/root/mnt/a\\040b rw - tmpfs tmpfs rw
53 27 0:52 / /sandbox-other rw - tmpfs tmpfs rw
`;

describe("mount points below a folder", () => {
  it("come deepest first, so that they can be unmounted in that order", () => {
    expect(mountPointsBelow(MOUNTINFO, "/s")).toEqual([
      "/s/machines/vps/root/mnt/a b",
      "/s/machines/vps/root",
      "/s/net/hub",
    ]);
  });

  it("do not include those of a folder whose name only begins the same", () => {
    expect(mountPointsBelow(MOUNTINFO, "/sandbox")).toEqual([]);
  });
});

describe("control group hierarchies", () => {
  it("are found where version 1 and 2 are mounted side by side", () => {
    expect(hierarchies(MOUNTINFO)).toEqual(["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/unified"]);
  });

  it("are found where there is only version 2", () => {
    const line = "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
    expect(hierarchies(line)).toEqual(["/sys/fs/cgroup"]);
  });

  it("hold groups that carry the sandbox's id", () => {
    expect(groupName("1a2b3c", "vps")).toBe("homelab-1a2b3c-vps");
  });
});

describe("the network's commands", () => {
  it("set no route, so that no packet has a way out", () => {
    const all = machineBatch("1a2b3c", "198.18.77.10") + hubBatch("1a2b3c", "198.18.77.2");
    expect(all).not.toMatch(/route|default|gateway/);
  });

  it("give a machine the same hardware address at each boot, and no two machines the same", () => {
    expect(hardwareAddress("1a2b3c", "198.18.77.10")).toBe("02:1a:2b:3c:00:0a");
    expect(hardwareAddress("1a2b3c", "198.18.77.11")).toBe("02:1a:2b:3c:00:0b");
  });
});
