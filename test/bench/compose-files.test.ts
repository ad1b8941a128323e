import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { composeMerged, composePerStack } from "../../bench/compose-files.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { goDuration, isDuration } from "../../model/units.ts";
import { hostNamed } from "../support/fleet.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { recordStack } from "../support/stack-program.ts";

/** A whole program hashes many passwords, on a machine that may be busy. */
const RUN_MILLISECONDS = 120_000;

const host = hostNamed("docker-vm");
const CONTAINER = "docker:index/container:Container";

/** What of a Compose service is looked at here. */
interface ComposeService {
  readonly container_name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly networks: Readonly<Record<string, { aliases?: readonly string[] }>>;
  readonly ports: readonly Readonly<Record<string, string | number>>[];
  readonly volumes: readonly Readonly<Record<string, string | boolean>>[];
  readonly tmpfs: readonly string[];
  readonly mem_limit: string;
  readonly memswap_limit: string;
  readonly cpus: number;
  readonly cap_add: readonly string[];
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly restart: string;
  readonly healthcheck: Readonly<Record<string, unknown>>;
  readonly depends_on: Readonly<Record<string, { condition: string; required: boolean }>>;
}
interface Project {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { external?: boolean }>>;
  readonly volumes: Readonly<Record<string, { external: boolean }>>;
}

let made: RecordedResource[] = [];
let merged: Project;
let stacks: { readonly stack: string; readonly project: Project }[];

beforeAll(async () => {
  made = (await recordStack("docker-vm")).filter(({ type }) => type === CONTAINER);
  const lock: ImageLock = {
    version: 1,
    images: Object.fromEntries(
      made.map(({ inputs }) => String(inputs["image"]).split("@") as [string, string]),
    ),
  };
  const options = { lock, bootPermit: false };
  merged = parse(composeMerged(host, options).text) as Project;
  stacks = composePerStack(host, options).map(({ stack, text }) => ({
    stack,
    project: parse(text) as Project,
  }));
}, RUN_MILLISECONDS);

/** The Compose service and what Pulumi makes, side by side, for each service. */
function pairs() {
  return made.map(({ inputs }) => {
    const name = String(inputs["name"]);
    return { name, inputs, service: merged.services[name] };
  });
}

/** Text as a Compose file holds it. */
function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}

describe("the Compose files of the benchmark", () => {
  it("hold each container of the host once, merged and stack by stack", () => {
    const names = host.services.map(({ name }) => name);
    expect(Object.keys(merged.services)).toEqual(names);
    expect(stacks.flatMap(({ project }) => Object.keys(project.services))).toEqual(names);
    for (const { project } of stacks) {
      for (const [name, { depends_on: _, ...service }] of Object.entries(project.services)) {
        const { depends_on: __, ...same } = merged.services[name] ?? ({} as ComposeService);
        expect(service).toEqual(same);
      }
    }
  });

  it("ask for the same image, limits, capabilities and restarts as Pulumi", () => {
    for (const { name, inputs, service } of pairs()) {
      const memory = `${String(inputs["memory"])}m`;
      expect({
        image: service?.image,
        limits: [service?.mem_limit, service?.memswap_limit, service?.cpus],
        add: service?.cap_add.map((capability) => `CAP_${capability}`),
        drop: service?.cap_drop,
        security: service?.security_opt,
        restart: service?.restart,
      }).toEqual({
        image: inputs["image"],
        limits: [memory, memory, Number(inputs["cpus"])],
        add: (inputs["capabilities"] as { adds: string[] }).adds,
        drop: (inputs["capabilities"] as { drops: string[] }).drops,
        security: inputs["securityOpts"],
        restart: inputs["restart"],
      });
      expect(name).toBe(service?.container_name);
    }
  });

  it("check health in the same way and as often, so that waiting takes as long", () => {
    for (const { name, inputs, service } of pairs()) {
      const { tests, ...times } = inputs["healthcheck"] as Record<string, unknown> & {
        tests: string[];
      };
      const { test, ...own } = service?.healthcheck ?? {};
      expect(test, name).toEqual(tests.map(escaped));
      const spelled = Object.entries(own).map(([key, value]) => [
        key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
        typeof value === "string" && isDuration(value) ? goDuration(value) : value,
      ]);
      expect(Object.fromEntries(spelled), name).toEqual(times);
    }
  });

  it("mount the same files and volumes, none of which Compose owns", () => {
    for (const { name, inputs, service } of pairs()) {
      const ours = (inputs["volumes"] as Record<string, unknown>[]).map((volume) => [
        volume["volumeName"] ?? volume["hostPath"],
        volume["containerPath"],
        volume["readOnly"],
      ]);
      const theirs = service?.volumes.map(({ source, target, read_only }) => [
        source,
        target,
        read_only,
      ]);
      expect(theirs, name).toEqual(ours);
      const tmpfs = Object.entries((inputs["tmpfs"] ?? {}) as Record<string, string>);
      expect(service?.tmpfs, name).toEqual(tmpfs.map(([path, options]) => `${path}:${options}`));
    }
    expect(Object.values(merged.volumes).every(({ external }) => external)).toBe(true);
  });

  it("give the same command, environment, networks and ports", () => {
    for (const { name, inputs, service } of pairs()) {
      const command = (inputs["command"] as string[] | undefined)?.map(escaped);
      const entrypoint = (inputs["entrypoints"] as string[] | undefined)?.map(escaped);
      expect([service?.command, service?.entrypoint], name).toEqual([command, entrypoint]);
      const environment = Object.entries(service?.environment ?? {});
      expect(environment.map(([key, value]) => `${key}=${value}`)).toEqual(
        (inputs["envs"] as string[]).map(escaped),
      );
      const networks = inputs["networksAdvanced"] as {
        name: string;
        aliases?: string[];
        ipv4Address?: string;
      }[];
      expect(Object.entries(service?.networks ?? {}), name).toEqual(
        networks.map(({ name: network, aliases, ipv4Address }) => [
          network,
          { ...(aliases && { aliases }), ...(ipv4Address && { ipv4_address: ipv4Address }) },
        ]),
      );
      const ports = inputs["ports"] as Record<string, string | number>[];
      expect(service?.ports, name).toEqual(
        ports.map(({ ip, external, internal, protocol }) => ({
          ...{ host_ip: ip, published: String(external) },
          ...{ target: internal, protocol },
        })),
      );
    }
  });

  it("keep every requirement between the services when they are merged", () => {
    for (const { name, requires } of host.services) {
      const wanted = (requires ?? []).filter(({ on }) => on in merged.services);
      expect(merged.services[name]?.depends_on).toEqual(
        Object.fromEntries(
          wanted.map(({ on, condition, strength }) => [
            on,
            { condition: `service_${condition}`, required: strength === "hard" },
          ]),
        ),
      );
    }
  });

  it("let the first stack that uses a network make it, in the documented order", () => {
    expect(stacks.map(({ stack }) => stack)).toEqual([
      ...["networking/pihole", "networking/caddy", "automation", "security", "auth", "tools"],
      ...["documents", "monitoring", "photos", "media", "maintenance"],
    ]);
    const made = new Set<string>();
    for (const { stack, project } of stacks) {
      for (const [network, { external }] of Object.entries(project.networks)) {
        expect(external ?? false, `${network} in ${stack}`).toBe(made.has(network));
        made.add(network);
      }
    }
    expect([...made].sort()).toEqual(host.networks.map(({ name }) => name).sort());
  });
});
