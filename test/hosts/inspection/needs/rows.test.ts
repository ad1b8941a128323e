import { describe, expect, it } from "vitest";
import { parseAnswer } from "../../../../hosts/inspection/answer.ts";
import { diskRows } from "../../../../hosts/inspection/disk-rows.ts";
import { needRows } from "../../../../hosts/inspection/needs/rows.ts";
import { nodeRow } from "../../../../hosts/inspection/needs/node-row.ts";
import * as printed from "./printed.ts";
import { ASKED, dockerVm, nas, rowsOf, TALKED_TO, troubles, vps } from "./well-machine.ts";

describe("what a deployment needs of a machine", () => {
  it.each([dockerVm, vps, nas])("is all there on a Debian that has it ($host)", (host) => {
    expect(troubles({}, host)).toEqual([]);
  });

  it("is not asked of a machine that could not say", () => {
    const silent = parseAnswer("");
    expect(needRows(dockerVm, silent, { asked: ASKED, talkedTo: TALKED_TO })).toEqual([]);
  });

  it("has a remedy for all that is missing", () => {
    const rows = troubles({
      "clock seconds": "1764180000",
      "user id": "1000",
      "inotify watches": "8192",
      "registry docker.io": "000",
      "docker-info": printed.dockerInfo({ Driver: "vfs", MemoryLimit: false }),
      listeners: printed.LISTENERS + printed.RESOLVED,
      "resolv.conf": "nameserver 127.0.0.1\n",
    });
    expect(rows.map(({ check }) => check)).toEqual([
      "docker storage",
      "docker limits",
      "root",
      "resolver",
      "port 53",
      "clock",
      "registry docker.io",
    ]);
    for (const { remedy } of rows) expect(remedy).not.toBe("");
  });
});

describe("the login", () => {
  it("has to be root's, since nothing asks for sudo", () => {
    expect(troubles({ "user id": "1000" })).toEqual([
      expect.objectContaining({
        check: "root",
        state: "failure",
        remedy: expect.stringContaining("User root") as string,
      }),
    ]);
  });
});

describe("Node.js", () => {
  it.each([
    ["Debian 12", "v18.20.4"],
    ["Debian 13", "v20.19.2"],
    ["Ubuntu 24.04", "v18.19.1"],
  ])("of %s is new enough", (_os, version) => {
    expect(nodeRow({ node: { version, login: "/usr/bin/node", path: "/usr/bin" } }).state).toBe(
      "ok",
    );
  });

  it("that only a login finds is named with the folders that a unit looks in", () => {
    const node = {
      version: "env: ‘node’: No such file or directory",
      login: "/root/.nvm/versions/node/v22.11.0/bin/node",
      path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
    };
    expect(nodeRow({ node })).toEqual({
      check: "node",
      state: "failure",
      seen: `${node.login} is found by a login only: a unit looks in ${node.path}`,
      remedy: expect.stringContaining(`ln -s ${node.login} /usr/local/bin/node`) as string,
    });
  });

  it("that nobody finds is to be installed", () => {
    const node = { version: "env: ‘node’: No such file or directory", login: "", path: "/usr/bin" };
    expect(nodeRow({ node })).toMatchObject({
      state: "failure",
      seen: node.version,
      remedy: expect.stringContaining("install the package nodejs") as string,
    });
  });
});

describe("the resolver of a host that answers names", () => {
  it.each(["nameserver 127.0.0.1\n", "nameserver 192.168.0.10\nnameserver ::1\n"])(
    "may not be the host alone (%j)",
    (text) => {
      expect(troubles({ "resolv.conf": text })).toEqual([
        expect.objectContaining({ check: "resolver", state: "warning" }),
      ]);
    },
  );

  it("may be any on a host that answers none at home", () => {
    expect(troubles({ "resolv.conf": "nameserver 127.0.0.1\n" }, nas)).toEqual([]);
  });
});

describe("the limit of watched folders", () => {
  // 29 thousand: what a kernel since 5.11 takes by itself with 4 GiB of memory.
  it("is too low for a service that asks for more, which is told with the command that raises it", () => {
    expect(troubles({ "inotify watches": "29214" }, nas)).toEqual([
      expect.objectContaining({
        check: "inotify",
        state: "warning",
        seen: expect.stringContaining("syncthing wants 204800") as string,
        remedy: expect.stringContaining("fs.inotify.max_user_watches=204800") as string,
      }),
    ]);
  });

  it("is nothing to a host whose services ask for none", () => {
    expect(rowsOf({ "inotify watches": "8192" }, vps).map(({ check }) => check)).not.toContain(
      "inotify",
    );
  });
});

describe("the clock", () => {
  it.each(["1764187200", "1764187201", "1764187180", "1764187230"])(
    "may be some seconds off, or answer late (%s)",
    (seconds) => {
      expect(troubles({ "clock seconds": seconds })).toEqual([]);
    },
  );

  it.each([
    ["1764183600", "behind this computer's"],
    ["1764187300", "98 seconds ahead of this computer's"],
  ])("at %s is a failure", (seconds, seen) => {
    expect(troubles({ "clock seconds": seconds })).toEqual([
      expect.objectContaining({
        check: "clock",
        state: "failure",
        seen: expect.stringContaining(seen) as string,
      }),
    ]);
  });

  it.each([
    ["NTP=no\nNTPSynchronized=no\n", "timedatectl set-ntp true"],
    ["NTP=yes\nNTPSynchronized=no\n", "timedatectl timesync-status"],
  ])("that nobody keeps right is a warning (%j)", (timedatectl, remedy) => {
    expect(troubles({ timedatectl })).toEqual([
      expect.objectContaining({
        check: "clock",
        state: "warning",
        remedy: expect.stringContaining(remedy) as string,
      }),
    ]);
  });
});

describe("the disk that images are kept on", () => {
  const seen = (...more: string[]) =>
    parseAnswer(["@disk\t/\t40\t4194304", "@disk\t/srv\t10\t4194304", ...more].join("\n"));

  it("has to have room for the images before the first deployment", () => {
    expect(
      diskRows(dockerVm, seen("@images\tdisk\t/")).filter(({ state }) => state !== "ok"),
    ).toEqual([
      {
        check: "disk /",
        state: "warning",
        seen: "4.0 GiB left, and the images of 36 containers take about 18.0 GiB",
        remedy: expect.stringContaining("data-root") as string,
      },
    ]);
  });

  it("is looked at by its used share alone once something was deployed", () => {
    const rows = diskRows(dockerVm, seen("@images\tdisk\t/", "@plan\twritten\tyes"));
    expect(rows.map(({ state }) => state)).toEqual(["ok", "ok"]);
  });
});
