import { describe, expect, it } from "vitest";
import { mistakeText } from "../../../compose/mistake.ts";
import { overriddenHost, withOverrides } from "../../../compose/override/override.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { hostPlan } from "../../../model/host-plan.ts";
import { NO_OVERRIDES } from "../../../model/override-files.ts";
import { hostNamed, service } from "../../support/fleet.ts";
import { fileOf, ofGrafana, overrideOf } from "./files.ts";

const host = hostNamed("docker-vm");
const grafana = service("docker-vm/grafana");
const FILE = "/opt/homelab/config/grafana/docker-compose.override.yml";
const LOCK = { version: 1, images: {} } as const;

/** Grafana with what these lines override. */
function overridden(...lines: readonly string[]): ServiceDeclaration | undefined {
  const { services } = withOverrides(host, overrideOf("grafana", ofGrafana(...lines)));
  return services.find(({ name }) => name === "grafana");
}

/** What is wrong with these lines about Grafana, without the file's name. */
function mistakes(...lines: readonly string[]): string[] {
  const found = overriddenHost(host, overrideOf("grafana", ofGrafana(...lines))).mistakes;
  return found.map((mistake) => mistakeText(mistake).replace(`${FILE}:`, ""));
}

describe("a host on which nothing is overridden", () => {
  it("is the very one that is declared", () => {
    expect(withOverrides(host, NO_OVERRIDES)).toBe(host);
  });

  it("is that also where an override says what is declared anyway", () => {
    const text = ofGrafana("mem_limit: 512m", "cpus: 1", "environment: { TZ: America/Asuncion }");
    expect(withOverrides(host, overrideOf("grafana", text))).toBe(host);
  });
});

describe("an override", () => {
  it.each<[string, readonly string[], Partial<ServiceDeclaration>]>([
    ["memory", ["mem_limit: 1g"], { limits: { memory: "1GiB", cpus: 1 } }],
    [
      "limits as a deployment says them",
      ["deploy: { resources: { limits: { memory: 768M, cpus: '0.5' } } }"],
      { limits: { memory: "768MiB", cpus: 0.5 } },
    ],
    [
      "the environment as a list",
      ["environment: [GF_LOG_LEVEL=debug]"],
      { env: { ...grafana.env, GF_LOG_LEVEL: "debug" } },
    ],
    ["a declared variable", ["environment: { TZ: UTC }"], { env: { ...grafana.env, TZ: "UTC" } }],
    ["labels", ["labels: { team: ours }"], { labels: { team: "ours" } }],
    [
      "names in /etc/hosts",
      ['extra_hosts: ["printer:192.0.2.40", "me=host-gateway"]'],
      { extraHosts: { printer: "192.0.2.40", me: "host-gateway" } },
    ],
    [
      "a port at an address of the host's",
      ['ports: ["127.0.0.1:3001:3000"]'],
      {
        ports: [
          ...(grafana.ports ?? []),
          { bind: "127.0.0.1", host: 3001, container: 3000, protocol: "tcp" },
        ],
      },
    ],
    [
      "a folder to read",
      ["volumes: [/opt/homelab/config/grafana/boards:/etc/grafana/boards:ro]"],
      {
        mounts: [
          ...(grafana.mounts ?? []),
          {
            kind: "bind",
            source: "/opt/homelab/config/grafana/boards",
            target: "/etc/grafana/boards",
            readOnly: true,
          },
        ],
      },
    ],
    [
      "times of the check",
      ["healthcheck: { interval: 60s, retries: 5 }"],
      { health: { ...grafana.health, interval: "60s", retries: 5 } },
    ],
    ["a longer time to stop", ["stop_grace_period: 2m"], { stopGrace: "120s" }],
    ["shared memory", ["shm_size: 128m"], { sharedMemory: "128MiB" }],
  ])("changes %s, and nothing else of the service", (_, lines, changed) => {
    expect(overridden(...lines)).toEqual({ ...grafana, ...changed });
  });

  it("is filled in from the .env beside it", () => {
    const text = ofGrafana("mem_limit: ${MEMORY}", "environment: { A: '$B-${C:-d}' }");
    const files = overrideOf("grafana", text, "# ours\nMEMORY=1g\nB=b\n");
    const found = withOverrides(host, files).services.find(({ name }) => name === "grafana");
    expect(found?.limits.memory).toBe("1GiB");
    expect(found?.env?.["A"]).toBe("b-d");
  });

  it("comes to the same when it is applied once more", () => {
    const text = ofGrafana(
      "mem_limit: 1g",
      "environment: { A: b }",
      'ports: ["127.0.0.1:3001:3000"]',
      "volumes: [/srv/boards:/boards:ro]",
      "stop_grace_period: 2m",
    );
    const files = overrideOf("grafana", text);
    const once = withOverrides(host, files);
    expect(once).not.toBe(host);
    expect(withOverrides(once, files)).toBe(once);
  });

  it("is part of the host plan, by which the host boots and a receipt knows it", () => {
    const there = withOverrides(host, overrideOf("grafana", ofGrafana("mem_limit: 1g")));
    expect(hostPlan(there, LOCK, "").digest).not.toBe(hostPlan(host, LOCK, "").digest);
  });

  it("is told with file, line, column, key, and both values", () => {
    const text = ofGrafana("environment:", "  TZ: UTC", "  NEW: x", "mem_limit: 1g");
    const base = { service: "grafana", file: FILE };
    expect(overriddenHost(host, overrideOf("grafana", text)).overridden).toEqual([
      {
        ...{ ...base, line: 4, column: 7 },
        ...{ key: "environment.TZ", old: "America/Asuncion", next: "UTC" },
      },
      { ...base, line: 5, column: 7, key: "environment.NEW", old: null, next: "x" },
      { ...base, line: 6, column: 5, key: "mem_limit", old: "512MiB", next: "1GiB" },
    ]);
  });
});

describe("an override that would weaken a house rule", () => {
  it.each([
    ["privileged: true", /^3:5: services\.grafana\.privileged: cannot be .*no container is/],
    ["cap_add: [NET_ADMIN]", /^3:5: services\.grafana\.cap_add: cannot be overridden/],
    ["security_opt: []", /^3:5: services\.grafana\.security_opt: cannot be overridden/],
    ["network_mode: host", /^3:5: services\.grafana\.network_mode: cannot be overridden/],
    ["pid: host", /^3:5: services\.grafana\.pid: cannot be overridden/],
    ["devices: [/dev/sda]", /^3:5: services\.grafana\.devices: cannot be overridden/],
    ["user: root", /^3:5: services\.grafana\.user: cannot be overridden/],
    ["image: grafana/grafana", /^3:5: .*image: cannot be .*digest is pinned.*images update/],
    ["command: sh", /^3:5: .*command: cannot be overridden, only cpus, deploy/],
    ["enviroment: {}", /^3:5: .*is no key of the Compose Specification; did you mean environment/],
    ["healthcheck: { disable: true }", /^3:20: .*healthcheck\.disable: .*has a health check/],
    ["healthcheck: { test: [NONE] }", /^3:20: .*healthcheck\.test: cannot be overridden/],
    ["healthcheck: { retries: 0 }", /^3:20: .*has to be at least 1/],
    ["deploy: { replicas: 2 }", /^3:15: .*deploy\.replicas: cannot be overridden, only resources/],
    ['ports: ["3001:3000"]', /^3:13: .*ports\[0\]: has to name an address .*127\.0\.0\.1/],
    ['ports: ["0.0.0.0:3001:3000"]', /^3:13: .*ports\[0\]: has to name an address/],
    ['ports: ["127.0.0.1:3001:80"]', /^3:13: .*ports\[0\]\.?.*does not listen on 80\/tcp/],
    ['ports: ["127.0.0.1:3000:3000/udp", "127.0.0.1::3000"]', /has to name the port of the host/],
    ["mem_limit: 64m", /^3:5: .*mem_limit: .*below 512MiB, the least the program works in/],
    ["mem_limit: 16g", /^3:5: .*mem_limit: is more than the machine has \(8\.0 GiB\)/],
    ["cpus: 5", /^3:5: .*cpus: is more than the machine has \(4\)/],
    ["cpus: 0", /^3:5: .*cpus: 0 is not above 0/],
    ["stop_grace_period: 5s", /^3:5: .*is shorter than the 30s that are declared/],
    ["stop_grace_period: 25h", /^3:5: .*stop_grace_period: is longer than 15m, .*shuts down/],
    [
      "healthcheck: { interval: 2h }",
      /^3:20: .*healthcheck\.interval: is longer than 1h, .*notice/,
    ],
    ["healthcheck: { start_period: 9h }", /^3:20: .*healthcheck\.start_period: is longer than 1h/],
    ["volumes: [/srv/x:/x]", /^3:15: .*volumes\[0\]: has to be read-only/],
    ["volumes: [data:/x:ro]", /^3:15: .*is no path of the host/],
    ["volumes: [/var/run/docker.sock:/s:ro]", /^3:15: .*has to be of a path below/],
    ["volumes: [/srv/../etc:/s:ro]", /^3:15: .*has to be of a path below/],
    ["volumes: [/mnt/nas/media/a:/a:ro]", /^3:15: .*lies behind the gate nas-media/],
    ["volumes: [/srv/x:/var/lib/grafana:ro]", /^3:15: .*would cover \/var\/lib\/grafana/],
    ["volumes: [/srv/x:/var/lib:ro]", /^3:15: .*would cover \/var\/lib\/grafana/],
    ["labels: { homelab.spec: x }", /^3:15: .*labels\.homelab\.spec: is a label that others act/],
    ["labels: { traefik.enable: x }", /^3:15: .*is a label that others act on/],
    ["labels: { com.centurylinklabs.watchtower: x }", /^3:15: .*is a label that others act on/],
    ["labels: { caddy: x }", /^3:15: .*is a label that others act on/],
    ["labels: { Traefik.enable: x }", /^3:15: .*is a label that others act on/],
    ["volumes: [/srv/x:/usr/bin:ro]", /^3:15: .*would cover programs of the image/],
    ["volumes: [/srv/x:/var/lib/grafana/plugins:ro]", /^3:15: .*would cover .*\/var\/lib\/grafana/],
    ["extra_hosts: { a: example.com }", /^3:20: .*neither an address nor host-gateway/],
    ["environment: [TZ]", /^3:5: .*environment: has a name without a value/],
  ])("is one error with its line and column: %s", (line, message) => {
    expect(mistakes(line).filter((text) => message.test(text))).toHaveLength(1);
  });

  it.each(["environment: { DOZZLE_ENABLE_ACTIONS: 'true' }", 'ports: ["127.0.0.1:3901:8080"]'])(
    "is refused of a service that holds the engine's socket: %s",
    (line) => {
      const text = `services:\n  dozzle:\n    ${line}\n`;
      const { overridden: edits, mistakes: found } = overriddenHost(
        host,
        overrideOf("dozzle", text),
      );
      expect(found.map(mistakeText).join()).toContain("holds the engine's socket");
      expect(edits).toEqual([]);
    },
  );

  it("is a port at an address of the mesh for who does not wait for the mesh", () => {
    const vps = hostNamed("vps");
    const gate = vps.gates.find(({ kind }) => kind === "mesh");
    if (gate?.kind !== "mesh") throw new Error("the VPS has no mesh gate");
    const text = `services:\n  ntfy:\n    ports: ["${gate.address}:8999:80"]\n`;
    const found = overriddenHost(vps, overrideOf("ntfy", text)).mistakes.map(mistakeText);
    expect(found.join()).toContain("listens behind the gate mesh");
  });

  it("is told at the override also where it takes the port of a service that comes later", () => {
    const later = host.services.slice(
      host.services.findIndex(({ name }) => name === "grafana") + 1,
    );
    const [port] = later.flatMap(({ ports = [] }) =>
      ports.filter(({ bind, protocol }) => bind === "127.0.0.1" && protocol === "tcp"),
    );
    expect(mistakes(`ports: ["127.0.0.1:${String(port?.host)}:3000"]`)).toEqual([
      expect.stringMatching(
        /^3:13: services\.grafana\.ports\[0\]: .*already published by "grafana"/,
      ),
    ]);
  });

  it("leaves every mistake in one error, and nothing overridden", () => {
    const files = {
      files: [
        fileOf("grafana", ofGrafana("privileged: true", "mem_limit: much")),
        fileOf("homepage", "services:\n  grafana: {}\nvolumes: {}\n"),
        fileOf("grafanna", "services: {}"),
        fileOf("dozzle", "services: {}", "compose.override.yml"),
        { ...fileOf("jellyfin", ""), text: undefined, unread: "unsafe" as const },
      ],
      memory: undefined,
      cpus: undefined,
    };
    const error = (() => {
      try {
        return withOverrides(host, files);
      } catch (reason) {
        return reason as Error & { code: string };
      }
    })();
    expect(error).toMatchObject({ code: "HL-OVERRIDE" });
    const said = (error as Error).message.split("\n").slice(1).join("\n");
    const folder = "/opt/homelab/config";
    expect(said).toContain(`${folder}/grafana/docker-compose.override.yml:3:5: `);
    expect(said).toContain(`${folder}/grafana/docker-compose.override.yml:4:5: `);
    expect(said).toMatch(/homepage\/docker-compose\.override\.yml:2:3: .*is another service/);
    expect(said).toMatch(/homepage\/docker-compose\.override\.yml:3:1: .*`services` alone/);
    expect(said).toMatch(/grafanna\/.*is no service of docker-vm/);
    expect(said).toMatch(/dozzle\/compose\.override\.yml: is not read under this name/);
    expect(said).toMatch(/jellyfin\/.*others than root can write it/);
  });
});

describe("what looks like a secret", () => {
  const SECRET = "tskey-canary-3f9d2c";

  it.each([
    ["a variable of that name", `environment: { DB_PASSWORD: "${SECRET}" }`, undefined],
    ["a value by its looks", `environment: { A: "${SECRET}" }`, undefined],
    ["one in an address", `environment: { A: "redis://u:${SECRET}@host" }`, undefined],
    ["one in a label", `labels: { api_token: "${SECRET}" }`, undefined],
    ["one in .env", "mem_limit: 1g", `TOKEN=${SECRET}`],
    ["one in .env that is named", "environment: { A: $B }", `B=${SECRET}`],
    ["a line of .env that is none", "mem_limit: 1g", SECRET],
    ["a word where a variable should be", `environment: ["${SECRET}"]`, undefined],
    ["what follows a $", `environment: { A: "x$${SECRET.replaceAll("-", "_")}" }`, undefined],
  ])("is refused without being shown: %s", (_, line, env) => {
    const found = overriddenHost(host, overrideOf("grafana", ofGrafana(line), env)).mistakes;
    expect(found.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain("canary");
    for (const { line: at, column } of found) expect([at, column]).not.toContain(undefined);
  });

  it("is refused in a .env that no override is beside, too", () => {
    const files = { ...NO_OVERRIDES, files: [fileOf("grafana", `TOKEN=${SECRET}`, ".env")] };
    expect(overriddenHost(host, files).mistakes).toHaveLength(1);
  });

  it("is nobody's business in the .env of a folder that is no service's", () => {
    const files = { ...NO_OVERRIDES, files: [fileOf("mine", `TOKEN=${SECRET}`, ".env")] };
    expect(withOverrides(host, files)).toBe(host);
  });
});

describe("a file that cannot be read", () => {
  it.each([
    ["services:\n  grafana:\n   - x\n   y: 1", /docker-compose\.override\.yml:\d+/],
    ["", /has nothing of "grafana" in it/],
    [
      "services:\n  grafana:\n    environment: { A: $NONE }",
      /:3:20: .*names a variable that the \.env/,
    ],
    ["services:\n  grafana:\n    mem_limit: much", /:3:5: .*is not a size/],
    ['services:\n  grafana:\n    ports: ["127.0.0.1:3005:3000", x]', /:3:36: .*is not a port/],
  ])("is named with the place: %j", (text, message) => {
    const found = overriddenHost(host, overrideOf("grafana", text)).mistakes.map(mistakeText);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
});
