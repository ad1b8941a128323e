import { execa } from "execa";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { prepareSshConfig, runScript } from "../../../hosts/ssh.ts";
import { MACHINES } from "../../../sandbox/addresses.ts";
import { down } from "../../../sandbox/down.ts";
import { cutPower, onMachine, untilReady } from "../../../sandbox/machine.ts";
import { setExports } from "../../../sandbox/mounts.ts";
import { insideNamespace, setLink } from "../../../sandbox/network.ts";
import { namespaceFile } from "../../../sandbox/settings.ts";
import { sshConfigPath } from "../../../sandbox/ssh.ts";
import { setPower, up } from "../../../sandbox/up.ts";
import { bootTime, onOwn, own, pushSmallImage } from "./own-sandbox.ts";
import { answers, MOUNT_UNIT, until, WRITE_UNIT } from "./proof-units.ts";
import { exportNasFolders } from "../support/nas-exports.ts";

beforeAll(() => up({ settings: own, images: false }));
afterAll(() => down({ settings: own }));

const IMAGE = "docker.io/pihole/pihole:2025.04.0";

describe("images", () => {
  it("are pulled by their public name and digest, from the registry inside", async () => {
    for (const reference of [IMAGE, "ghcr.io/immich-app/immich-server:v2.6.1"]) {
      const digest = await pushSmallImage("docker-vm", reference);
      await onOwn("docker-vm", "docker", "pull", "--quiet", `${reference}@${digest}`);
      const found = ["docker", "image", "inspect", "--format", "{{json .RepoDigests}}"];
      expect(await onOwn("docker-vm", ...found, `${reference}@${digest}`)).toContain(digest);
    }
  });

  it("cannot be pulled while the registry is away, and can when it is back", async () => {
    await setPower(own, "registry", "off");
    expect((await onMachine(own, "vps", ["docker", "pull", IMAGE])).exitCode).not.toBe(0);
    await setPower(own, "registry", "on");
    expect((await onMachine(own, "vps", ["docker", "pull", IMAGE])).exitCode).toBe(0);
  });
});

describe("a container", () => {
  it("runs with limits, a published port and a health check, and gets the stand-in GPU", async () => {
    await onOwn(
      "docker-vm",
      ...[
        "docker",
        "run",
        "--init",
        "--detach",
        "--name",
        "limited",
        "--memory",
        "64m",
        "--cpus",
        "0.5",
      ],
      ...["--pids-limit", "50", "--cap-drop", "ALL", "--publish", "8080:80"],
      ...["--device", "/dev/dri", "--sysctl", "net.ipv6.conf.all.disable_ipv6=1"],
      ...["--health-cmd", "cat /etc/hosts", "--health-interval", "30s"],
      ...["--health-start-interval", "300ms", "--health-start-period", "20s"],
      ...[IMAGE, "sleep", "1000"],
    );
    const health = ["docker", "inspect", "--format", "{{.State.Health.Status}}", "limited"];
    await until(async () => (await onOwn("docker-vm", ...health)) === "healthy");
    expect(await onOwn("docker-vm", "docker", "exec", "limited", "ls", "/dev/dri")).toBe(
      "renderD128-stand-in",
    );
    const limit =
      "cat $(find /sys/fs/cgroup -path '*docker*' -name memory.limit_in_bytes -o -path '*docker*' -name memory.max)";
    expect(await onOwn("docker-vm", "sh", "-c", limit)).toContain(String(64 * 1024 * 1024));
    await onOwn("docker-vm", "docker", "rm", "--force", "limited");
  });
});

describe("no packet leaves the sandbox", () => {
  // TEST-NET-1: an address of nobody's, should the claim ever be wrong.
  const OUTSIDE = "192.0.2.77";

  it.each(MACHINES)("from %s, which has no route out", async (machine) => {
    expect(await onOwn(machine, "ip", "route", "show", "default")).toBe("");
    const asked = await onMachine(own, machine, ["ip", "route", "get", OUTSIDE]);
    expect(asked.stderr).toMatch(/unreachable/i);
  });

  it("from a container", async () => {
    const connect = ["bash", "-c", `echo >/dev/tcp/${OUTSIDE}/80`];
    const tried = await onMachine(own, "docker-vm", ["docker", "run", "--rm", IMAGE, ...connect]);
    expect(tried.exitCode).not.toBe(0);
    expect(tried.stderr).toMatch(/unreachable|No route/i);
  });

  it("from the hub, where the registry is", async () => {
    const [program = "", ...args] = insideNamespace(namespaceFile(own, "hub"), ["ip", "route"]);
    const { stdout } = await execa(program, args);
    expect(stdout).not.toContain("default");
  });

  it("though the machines reach each other", async () => {
    const hello = ["sh", "-c", "ssh-keyscan -t ed25519 nas 2>/dev/null"];
    expect(await onOwn("vps", ...hello)).toContain("ssh-ed25519");
  });
});

describe("a machine is never kinder than a fresh Debian:", () => {
  it.each(MACHINES)(
    "the sshd of %s has its settings, but that it takes no password",
    async (one) => {
      // The package brings the file that a fresh machine has; the machine's own settings are added.
      const fresh = `sed '/^Include/d' /usr/share/openssh/sshd_config >/run/fresh-sshd; sshd -T -f /run/fresh-sshd`;
      const settings = async (script: string): Promise<string[]> =>
        (await onOwn(one, "sh", "-c", script))
          .split("\n")
          .filter((line) => !/^hostkey /.test(line));
      const [before, now] = await Promise.all([settings(fresh), settings("sshd -T")]);
      expect(now.filter((line) => !before.includes(line))).toEqual(["passwordauthentication no"]);
      expect(before.filter((line) => !now.includes(line))).toEqual(["passwordauthentication yes"]);
    },
  );

  it.each(MACHINES)("the kernel of %s has no setting that no package brings", async (one) => {
    const foreign =
      "for file in /etc/sysctl.d/*.conf; do [ ! -f $file ] || dpkg -S $file >/dev/null 2>&1 || echo $file; done";
    expect(await onOwn(one, "sh", "-c", foreign)).toBe("");
  });

  it.each(MACHINES)("nobody but root has a shell on %s", async (one) => {
    // The NAS has the household's user, whom the files belong to, without one.
    const people = "awk -F: '($3 >= 1000 || $3 == 0) && $7 !~ /nologin$/ { print $1 }' /etc/passwd";
    expect(await onOwn(one, "sh", "-c", people)).toBe("root");
  });
});

describe("ssh", () => {
  it("refuses a machine that shows another's host key", async () => {
    const wrong = ["-o", "HostKeyAlias=nas", "-o", "ControlPath=none", "vps", "true"];
    const tried = await execa("ssh", ["-F", sshConfigPath(own.folder), ...wrong], {
      reject: false,
    });
    expect(tried.exitCode).toBe(255);
    expect(tried.stderr).toContain("Host key verification failed");
  });

  it("has the server's own limits, and fifty scripts at once stay below them", async () => {
    const limits = await onOwn("vps", "sh", "-c", "sshd -T | grep -E '^max(sessions|startups) '");
    expect(limits.split("\n").sort()).toEqual(["maxsessions 10", "maxstartups 10:30:100"]);
    vi.stubEnv("HOMELAB_SSH_CONFIG", sshConfigPath(own.folder));
    try {
      prepareSshConfig();
      // As a deployment runs them, which waits for a slow connection; all begin before the first ends.
      const input = "sleep 20; echo there";
      const all = Array.from({ length: 50 }, () =>
        execa("sh", ["-c", runScript("vps")], { input }),
      );
      for (const { stdout, stderr } of await Promise.all(all)) {
        expect({ stdout, stderr }).toEqual({ stdout: "there", stderr: "" });
      }
    } finally {
      vi.unstubAllEnvs();
    }
    const logins =
      "journalctl --boot --unit ssh --grep 'MaxStartups|no more sessions' | grep -c : || :";
    expect(await onOwn("vps", "sh", "-c", logins)).toBe("0");
  });
});

describe("a machine", () => {
  it("boots again by itself after a power cut, with its files and its units", async () => {
    await onOwn("docker-vm", "sh", "-c", `${WRITE_UNIT}; sync`);
    const booted = await bootTime("docker-vm");
    await cutPower(own, "docker-vm");
    await untilReady(own, "docker-vm");
    expect(await bootTime("docker-vm")).not.toBe(booted);
    expect(await onOwn("docker-vm", "cat", "/etc/kept")).toBe("kept");
    expect(await onOwn("docker-vm", "systemctl", "is-active", "proof.service")).toBe("active");
  });

  it("keeps its images through a power cut, and nothing of its networks", async () => {
    await onOwn("vps", "docker", "network", "create", "--subnet", "172.30.0.0/24", "made-before");
    await onOwn("vps", "ip", "link", "add", "by-hand", "type", "bridge");
    await cutPower(own, "vps");
    await untilReady(own, "vps");
    await onOwn("vps", "docker", "image", "inspect", IMAGE);
    await onOwn("vps", "docker", "network", "inspect", "made-before");
    expect((await onMachine(own, "vps", ["ip", "link", "show", "by-hand"])).exitCode).not.toBe(0);
  });

  it("boots again when it asks for a reboot", async () => {
    const booted = await bootTime("nas");
    await onMachine(own, "nas", ["systemctl", "reboot"]);
    await until(async () => (await answers("nas")) && (await bootTime("nas")) !== booted);
    await untilReady(own, "nas");
  });

  it("stays off when it powers itself off, until it is wanted again", async () => {
    await onMachine(own, "vps", ["systemctl", "poweroff"]);
    await until(async () => !(await answers("vps")));
    await sleep(4000);
    expect(await answers("vps")).toBe(false);
    await up({ settings: own, images: false });
    expect(await answers("vps")).toBe(true);
  });

  it("is alone while its cable is cut, sees that, and is back when it is restored", async () => {
    await setLink(own, "nas", "cut");
    expect((await onMachine(own, "vps", ["nc", "-z", "-w", "2", "nas", "22"])).exitCode).not.toBe(
      0,
    );
    const carrier = insideNamespace(namespaceFile(own, "nas"), ["ip", "link", "show", "eth0"]);
    const [program = "", ...args] = carrier;
    expect((await execa(program, args)).stdout).toContain("NO-CARRIER");
    await setLink(own, "nas", "restore");
    await until(() => answers("nas"));
    expect((await onMachine(own, "vps", ["nc", "-z", "-w", "2", "nas", "22"])).exitCode).toBe(0);
  });
});

describe("the NAS's export on the Docker VM", () => {
  const PATH = "/mnt/nas/media";
  const write = `timeout 40 sh -c 'date +%N > ${PATH}/written && cat ${PATH}/written'`;

  beforeAll(async () => {
    await exportNasFolders(own);
    await onOwn("docker-vm", "sh", "-c", MOUNT_UNIT);
  });

  it("is a network mount: what is written there is on the NAS, and the household's", async () => {
    const written = await onOwn("docker-vm", "sh", "-c", write);
    expect(await onOwn("nas", "cat", "/srv/media/written")).toBe(written);
    expect(await onOwn("nas", "stat", "--format", "%u:%g", "/srv/media/written")).toBe("1000:1000");
  });

  it("lets root do on the NAS no more than the household may", async () => {
    await onOwn("nas", "sh", "-c", "install -d -m 0755 /srv/media/of-root");
    const tried = await onMachine(own, "docker-vm", ["touch", `${PATH}/of-root/written`]);
    expect(tried.stderr).toContain("Permission denied");
  });

  it("opens nothing else on the NAS than its files", async () => {
    const key = [
      "-i",
      "/root/.ssh/nas-exports",
      "-o",
      "UserKnownHostsFile=/root/.ssh/nas-known-hosts",
    ];
    const tried = await onMachine(own, "docker-vm", ["timeout", "5", "ssh", ...key, "nas", "id"]);
    expect(tried.stdout).not.toContain("uid=");
  });

  it("works again after the NAS lost its power", async () => {
    await cutPower(own, "nas");
    await untilReady(own, "nas");
    await onOwn("docker-vm", "sh", "-c", write);
  });

  it("fails at once while it is absent, and works when it is served again", async () => {
    await setExports(own, "absent");
    const began = Date.now();
    expect((await onMachine(own, "docker-vm", ["sh", "-c", write])).exitCode).not.toBe(0);
    expect(Date.now() - began).toBeLessThan(8_000);
    await setExports(own, "served");
    await onOwn("docker-vm", "sh", "-c", write);
  });

  it("hangs while it is stale, ends as an error, and works when it is served again", async () => {
    await setExports(own, "stale");
    const began = Date.now();
    expect((await onMachine(own, "docker-vm", ["sh", "-c", write])).exitCode).not.toBe(0);
    expect(Date.now() - began).toBeGreaterThan(3_000);
    await setExports(own, "served");
    await until(
      async () => (await onMachine(own, "docker-vm", ["sh", "-c", write])).exitCode === 0,
    );
  });
});
