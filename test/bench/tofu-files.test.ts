import { beforeAll, describe, expect, it } from "vitest";
import { tofuConfiguration } from "../../bench/tofu-files.ts";
import { FILES_LABEL } from "../../model/container-inputs.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { hostNamed } from "../support/fleet.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { recordStack } from "../support/stack-program.ts";

/** A whole program hashes many passwords, on a machine that may be busy. */
const RUN_MILLISECONDS = 120_000;

const host = hostNamed("docker-vm");
const CONNECTION = { host: "ssh://somewhere", sshOptions: ["-F", "/some/config"] };

type Values = Readonly<Record<string, unknown>>;
interface Configuration {
  readonly provider: { readonly docker: Values };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

let made: RecordedResource[] = [];
let configuration: Configuration;

beforeAll(async () => {
  const all = await recordStack("docker-vm");
  made = all.filter(({ type }) => type === "docker:index/container:Container");
  const lock: ImageLock = {
    version: 1,
    images: Object.fromEntries(
      made.map(({ inputs }) => String(inputs["image"]).split("@") as [string, string]),
    ),
  };
  const text = tofuConfiguration(host, { lock, bootPermit: false }, CONNECTION);
  configuration = JSON.parse(text) as Configuration;
}, RUN_MILLISECONDS);

/** What Pulumi makes and the resource beside it, for each container. */
function pairs() {
  return made.map(({ inputs }) => {
    const name = String(inputs["name"]);
    return { name, inputs, resource: configuration.resource["docker_container"]?.[name] ?? {} };
  });
}

/** Names and texts as the provider's own language has them, from Pulumi's. */
function spelled(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("${", "$${").replaceAll("%{", "%%{");
  if (Array.isArray(value)) return value.map(spelled);
  if (value === null || typeof value !== "object") return value;
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [snake(key), spelled(inner)]),
  );
}

/** Lists that the provider has under another name, by Pulumi's. */
const RENAMED: Readonly<Record<string, string>> = {
  envs: "env",
  entrypoints: "entrypoint",
  groupAdds: "group_add",
  hosts: "host",
};

/** Fields that are the same but for their name. Devices are not: the recorded host has none. */
const SAME = [
  ...["name", "command", "user", "hostname", "init", "pidMode", "shmSize", "readOnly", "ports"],
  ...["networksAdvanced", "volumes", "tmpfs", "memory", "memorySwap", "cpus"],
  ...["securityOpts", "restart", "mustRun", "logDriver", "logOpts", "stopTimeout"],
  ...["destroyGraceSeconds", "removeVolumes", ...Object.keys(RENAMED)],
];

describe("the OpenTofu configuration of the benchmark", () => {
  it("asks the same provider for the same containers as Pulumi does", () => {
    expect(made).toHaveLength(host.services.length);
    for (const { name, inputs, resource } of pairs()) {
      for (const field of SAME) {
        const [[key = "", wanted] = []] = Object.entries(
          spelled({ [field]: inputs[field] }) as Values,
        );
        expect(resource[RENAMED[field] ?? key], `${name} ${field}`).toEqual(wanted);
      }
    }
  });

  it("has the same capabilities, checks and labels, but for the fingerprint of files", () => {
    for (const { name, inputs, resource } of pairs()) {
      const { adds, drops } = inputs["capabilities"] as Record<string, unknown>;
      expect(resource["capabilities"], name).toEqual([{ add: adds, drop: drops }]);
      const { tests, ...times } = inputs["healthcheck"] as Record<string, unknown>;
      const check = { test: spelled(tests), ...(spelled(times) as Values) };
      expect(resource["healthcheck"], name).toEqual([check]);
      const labels = (inputs["labels"] as { label: string }[]).filter(
        ({ label }) => label !== FILES_LABEL,
      );
      expect(resource["labels"], name).toEqual(labels);
    }
  });

  it("pins each image, and waits for what a service requires", () => {
    const images = configuration.resource["docker_image"] ?? {};
    for (const { name, inputs, resource } of pairs()) {
      const [, key = ""] = /^\$\{docker_image\.(.+)\.name\}$/.exec(String(resource["image"])) ?? [];
      expect(images[key]?.["name"], name).toBe(inputs["image"]);
    }
    const names = new Set(host.services.map(({ name }) => name));
    for (const { name, requires = [], networks } of host.services) {
      expect(configuration.resource["docker_container"]?.[name]?.["depends_on"], name).toEqual([
        ...requires.filter(({ on }) => names.has(on)).map(({ on }) => `docker_container.${on}`),
        ...networks.map((network) => `docker_network.${network.name}`),
      ]);
    }
  });

  it("reaches the engine as it is told to", () => {
    expect(configuration.provider.docker).toEqual({
      host: CONNECTION.host,
      ssh_opts: CONNECTION.sshOptions,
    });
  });
});
