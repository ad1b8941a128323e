import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { prepareSshConfig, runScript, sharedConfigOf, sshOptions } from "../../../../hosts/ssh.ts";
import { CONTROL_PATHS } from "../../../../model/paths.ts";

// Each asks a real ssh, which asks for a seat.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "homelab-ssh-"));
const SHARED = readFileSync("components/core/ssh/shared.conf", "utf8");
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What ssh would do for the host "box" with a user's own configuration. */
function effective(own: string): Map<string, string> {
  const config = join(folder, "config");
  writeFileSync(config, own);
  writeFileSync(`${config}.shared`, sharedConfigOf(SHARED, config));
  const said = execFileSync("ssh", ["-F", `${config}.shared`, "-G", "box"], { encoding: "utf8" });
  return new Map(
    said.split("\n").map((line) => {
      const [word = "", ...rest] = line.split(" ");
      return [word, rest.join(" ")];
    }),
  );
}

describe("the shared configuration", () => {
  it("has as many connections as the program knows of, on the paths that it knows", () => {
    const paths = [...SHARED.matchAll(/^ {2}ControlPath (\/.*)$/gm)].map(([, path]) => path);
    expect(paths).toEqual(CONTROL_PATHS);
    const asked = [...SHARED.matchAll(/seat\.sh (\d) %i '%n'/g)].map(([, number]) =>
      Number(number),
    );
    expect(asked).toEqual(CONTROL_PATHS.map((_, index) => index));
    const seats = readFileSync("components/core/ssh/seat.sh", "utf8");
    expect(/^connections="(.*?)"/m.exec(seats)?.[1]).toBe(asked.join(" "));
  });

  it("has paths that are short enough for a socket, with what ssh appends while it makes one", () => {
    const longest = `/tmp/homelab-4294967295/${"0".repeat(40)}.0.0123456789abcdef`;
    expect(longest.length).toBeLessThan(104);
  });

  it("keeps the user's address, port, user, key, known hosts and jump host", () => {
    const seen = effective(`Host box
  HostName 192.0.2.7
  Port 2222
  User me
  IdentityFile /keys/mine
  UserKnownHostsFile /keys/known
  ProxyJump door
Host door
  ProxyCommand false
`);
    expect(Object.fromEntries(seen)).toMatchObject({
      hostname: "192.0.2.7",
      port: "2222",
      user: "me",
      identityfile: "/keys/mine",
      userknownhostsfile: "/keys/known",
      proxyjump: "door",
    });
  });

  it("does not use the user's own shared connection, and needs none", () => {
    const seen = effective(`Host *
  ControlMaster auto
  ControlPath /tmp/mine-%C
  ControlPersist 1h
  ProxyCommand false
`);
    expect(seen.get("controlmaster")).toBe("false");
    expect(seen.get("controlpath") ?? "none").toBe("none");
  });
});

describe("what stands in the state", () => {
  it("is the same on every machine and for every user", () => {
    expect(sshOptions({ HOME: "/home/a" })).toEqual(sshOptions({ HOME: "/root" }));
    expect([...sshOptions({}), runScript("nas")].join(" ")).not.toMatch(/(^|[ "'])\//);
  });
});

it("is written beside the configuration that HOMELAB_SSH_CONFIG names, and shells find it there", () => {
  const config = join(folder, "my 100% config");
  writeFileSync(config, "Host box\n  HostName 192.0.2.9\n  ProxyCommand false\n");
  vi.stubEnv("HOMELAB_SSH_CONFIG", config);
  prepareSshConfig();
  const [, path = ""] = sshOptions();
  expect(readFileSync(path, "utf8")).toContain(`Include "${config}"`);
  const shown = runScript("box")
    .replace(/^ssh /, "ssh -G ")
    .replace(/ sh -s$/, "");
  expect(execFileSync("sh", ["-c", shown], { encoding: "utf8" })).toContain("hostname 192.0.2.9");
});

it.each(["o'brien", 'a "b"', "a[1]", "a*", "a?", "a\\b"])(
  "is refused where HOMELAB_SSH_CONFIG names a path that ssh would read otherwise: %s",
  (name) => {
    const environment = { HOMELAB_SSH_CONFIG: join(folder, name, "config") };
    expect(() => prepareSshConfig(environment)).toThrow(/cannot hold a path/);
  },
);

it("is refused where HOMELAB_SSH_CONFIG names no file, since ssh would go to any host of that name", () => {
  const environment = { HOMELAB_SSH_CONFIG: join(folder, "none") };
  expect(() => prepareSshConfig(environment)).toThrow(/does not exist/);
});
