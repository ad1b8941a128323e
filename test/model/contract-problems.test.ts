import { describe, expect, it } from "vitest";
import { contractProblems } from "../../model/contract-problems.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { read, unread, type ImageContract, type ImageProcess } from "../../model/image-contract.ts";

const IMAGE = "docker.io/library/app:1.0";
const nobody = unread("nobody read it");

/** A contract of which only the given fields were read. */
function contract(fields: Partial<ImageContract> = {}): ImageContract {
  return {
    reference: IMAGE,
    tag: nobody,
    read: [],
    processes: nobody,
    capabilities: nobody,
    checkPrograms: nobody,
    volumes: nobody,
    ports: nobody,
    writes: nobody,
    firstStartOnly: nobody,
    memoryFloor: nobody,
    secretReader: nobody,
    secrets: "none",
    ...fields,
  };
}

/** What is wrong with a service beside its image's contract. */
function problems(service: Partial<ServiceDeclaration>, fields: Partial<ImageContract>): string[] {
  const host: HostDeclaration = {
    host: "nas",
    networks: [],
    volumes: [],
    gates: [],
    services: [
      {
        name: "app",
        stack: "tools",
        phase: 1,
        image: IMAGE,
        networks: [{ name: "net" }],
        health: { test: ["CMD", "app", "health"] },
        limits: { memory: "128MiB", cpus: 1 },
        category: "tools",
        ...service,
      },
    ],
  };
  return contractProblems(host, [contract(fields)]).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

/** A root process of that role beside a server of another user. */
function under(role: ImageProcess["role"], program: string): Partial<ImageContract> {
  return {
    processes: read(
      [
        { program, user: "0:0", role },
        { program: "served", user: "1000:1000", role: "server" },
      ],
      "start.sh",
    ),
  };
}

describe("a declaration beside the contract of its image", () => {
  it("is not judged by what nobody read, nor without a contract", () => {
    const odd: Partial<ServiceDeclaration> = {
      health: { test: ["CMD", "curl"] },
      limits: { memory: "6MiB", cpus: 1 },
      routes: [{ name: "app", port: 1 }],
      init: true,
      files: [{ target: "/p", content: { kind: "secret", secret: "label-key" }, owner: "7:7" }],
    };
    expect(problems(odd, {})).toEqual([]);
    expect(problems({ ...odd, image: "docker.io/library/other:1.0" }, {})).toEqual([]);
  });

  describe("has to check health with a program of the image", () => {
    const has = { checkPrograms: read(["sh", "wget"], "Dockerfile") };

    it.each([
      [["CMD", "wget", "-q", "http://a/"]],
      [["CMD", "/bin/sh", "-c", "wget -q http://a/ || exit 1"]],
      [["CMD-SHELL", "wget -q http://a/ && echo well"]],
      [["CMD", "/homelab/check"]],
    ])("%j does", (test) => {
      const files = [{ target: "/homelab/check", content: { kind: "text", text: "" } } as const];
      expect(problems({ health: { test }, files }, has)).toEqual([]);
    });

    it.each([
      [["CMD", "curl", "http://a/"]],
      [["CMD", "sh", "-c", "curl http://a/"]],
      [["CMD-SHELL", "wget http://a/ | curl"]],
    ])("%j does not, for its curl", (test) => {
      expect(problems({ health: { test } }, has)).toEqual([
        'nas.app.health.test: "curl" is not in the image (Dockerfile); use sh, wget',
      ]);
    });

    it("and no shell where there is none", () => {
      const only = { checkPrograms: read(["/app"], "Dockerfile") };
      expect(problems({ health: { test: ["CMD", "/app", "health"] } }, only)).toEqual([]);
      expect(problems({ health: { test: ["CMD-SHELL", "/app health"] } }, only)).toEqual([
        'nas.app.health.test: "sh" is not in the image (Dockerfile); use /app',
      ]);
    });
  });

  it("has to give the capabilities that start, work and stop need", () => {
    const needs = {
      capabilities: read({ start: ["CHOWN"], work: ["SETUID"], stop: ["KILL"] }, "start.sh"),
    };
    expect(problems({ capabilities: ["CHOWN", "KILL", "SETUID"] }, needs)).toEqual([]);
    expect(problems({ capabilities: ["SETUID"] }, needs)).toEqual([
      "nas.app.capabilities: lacks CHOWN, without which the image does not start (start.sh); add it",
      "nas.app.capabilities: lacks KILL, without which the image does not stop (start.sh); add it",
    ]);
    expect(problems({ capabilities: ["CHOWN", "KILL"] }, needs)[0]).toContain("does not work");
  });

  describe("has to give KILL where root stops a process of another user", () => {
    it.each([[under("init", "tini")], [under("supervisor", "s6-svscan")]])("%#", (fields) => {
      const { program = "" } = fields.processes?.value?.[0] ?? {};
      expect(problems({}, fields)).toEqual([
        `nas.app.capabilities: lacks KILL: ${program} is root's and has to stop served of user 1000:1000 (start.sh); add it`,
      ]);
      expect(problems({ capabilities: ["KILL"] }, fields)).toEqual([]);
    });

    it("and where the engine's init process is that root", () => {
      const server = {
        processes: read([{ program: "db", user: "70:70", role: "first" } as const], "d"),
      };
      expect(problems({}, server)).toEqual([]);
      expect(problems({ init: true }, server)[0]).toContain("the engine's init process is root's");
    });

    it("and not where all is one user's, or the declared user's", () => {
      const root = {
        processes: read([{ program: "db", user: "0:0", role: "init" } as const], "d"),
      };
      expect(problems({ init: true }, root)).toEqual([]);
      expect(problems({ user: "1000:1000", init: true }, under("init", "tini"))).toEqual([]);
    });
  });

  it("has to mount something at every volume of the image", () => {
    const volumes = { volumes: read(["/data", "/config/"], "Dockerfile") };
    const mounts = [
      { kind: "volume", volume: "a", target: "/data" },
      { kind: "tmpfs", target: "/config", size: "1MiB" },
    ] as const;
    expect(problems({ mounts }, volumes)).toEqual([]);
    expect(problems({ mounts: [{ ...mounts[0], target: "/" }, mounts[1]] }, volumes)).toEqual([
      "nas.app.mounts: leaves /data out, a volume of the image (Dockerfile): the engine would make one without a name for each new container; mount a volume or a tmpfs there",
    ]);
  });

  it("has to leave the memory that the program works in", () => {
    const floor: Partial<ImageContract> = { memoryFloor: read("128MiB", "its manual") };
    expect(problems({ limits: { memory: "128MiB", cpus: 1 } }, floor)).toEqual([]);
    expect(problems({ limits: { memory: "127MiB", cpus: 1 } }, floor)).toEqual([
      'nas.app.limits.memory: "127MiB" is below 128MiB, the least the program works in (its manual); raise it',
    ]);
  });

  it("has to name ports that the image listens on, in ports, routes and scrapes", () => {
    const open = { ports: read(["80", "53/udp"], "Dockerfile") };
    const port = { bind: "127.0.0.1", host: 53, container: 53 };
    const names = { routes: [{ name: "app", port: 80 }], scrapes: [{ job: "app", port: 80 }] };
    expect(problems({ ...names, ports: [{ ...port, protocol: "udp" }] }, open)).toEqual([]);
    expect(
      problems(
        {
          ports: [{ ...port, protocol: "tcp" }],
          routes: [{ name: "app", port: 81 }],
          scrapes: [{ job: "app", port: 9100 }],
        },
        open,
      ),
    ).toEqual([
      "nas.app.ports[0].container: the image does not listen on 53/tcp, but on 80, 53/udp (Dockerfile); name one of these",
      "nas.app.routes[0].port: the image does not listen on 81/tcp, but on 80, 53/udp (Dockerfile); name one of these",
      "nas.app.scrapes[0].port: the image does not listen on 9100/tcp, but on 80, 53/udp (Dockerfile); name one of these",
    ]);
  });

  describe("has to let the image's user read each secret", () => {
    const secret = {
      target: "/run/secrets/p",
      content: { kind: "secret", secret: "label-key" },
    } as const;
    const readBy = (user: string) => ({ secretReader: read(user, "start.sh") });

    it("as it does by itself, as the owner, by group, by mode, and as root that may read all", () => {
      expect(problems({ files: [secret] }, readBy("999:999"))).toEqual([]);
      expect(problems({ files: [{ ...secret, owner: "999:0" }] }, readBy("999:999"))).toEqual([]);
      const toGroup = { ...secret, owner: "0:999", mode: "0440" };
      expect(problems({ files: [toGroup] }, readBy("999:999"))).toEqual([]);
      expect(problems({ files: [toGroup], groups: ["999"] }, readBy("5:5"))).toEqual([]);
      expect(
        problems({ files: [{ ...secret, owner: "0:0", mode: "0444" }] }, readBy("5:5")),
      ).toEqual([]);
      const root = { files: [{ ...secret, owner: "999:999" }], capabilities: ["DAC_OVERRIDE"] };
      expect(problems(root, readBy("0:0"))).toEqual([]);
    });

    it("and not as another user, nor as root without the right", () => {
      const told = (owner: string, reader: string) =>
        `nas.app.files[0]: /run/secrets/p belongs to ${owner} with mode 0400, and is read as ${reader} (start.sh); set owner "${reader}"`;
      expect(problems({ files: [{ ...secret, owner: "0:0" }] }, readBy("999:999"))).toEqual([
        told("0:0", "999:999"),
      ]);
      expect(problems({ files: [{ ...secret, owner: "999:999" }] }, readBy("0:0"))).toEqual([
        told("999:999", "0:0"),
      ]);
    });

    it("as the user that is declared, where one is", () => {
      const files = [{ ...secret, owner: "0:0" }];
      expect(problems({ files, user: "1000:1000" }, readBy("0:0"))[0]).toContain(
        "is read as 1000:1000 (as declared)",
      );
    });

    it("or as whoever else is declared to read it", () => {
      const file = { ...secret, owner: "0:0", readBy: "0:0" };
      expect(problems({ files: [file] }, readBy("999:999"))).toEqual([]);
      expect(problems({ files: [{ ...file, readBy: "5:5" }] }, readBy("0:0"))).toHaveLength(1);
    });

    it("and may keep from it what is no secret", () => {
      const files = [
        { target: "/a", content: { kind: "text", text: "a" }, owner: "0:0", mode: "0400" } as const,
      ];
      expect(problems({ files }, readBy("999:999"))).toEqual([]);
    });
  });
});
