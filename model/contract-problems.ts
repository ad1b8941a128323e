import type { HostDeclaration, ServiceDeclaration } from "./declaration.ts";
import { contractOf } from "./image-catalogue.ts";
import type { Fact, ImageContract } from "./image-contract.ts";
import type { Problem } from "./problem.ts";
import { unreadableSecrets } from "./secret-readers.ts";
import { shellPrograms } from "./shell-programs.ts";
import { killProblems } from "./signal-rights.ts";
import { toMebibytes } from "./units.ts";

/** Where in the service, and what is wrong. */
type Rule = (service: ServiceDeclaration, contract: ImageContract) => Problem[];

const RULES: readonly Rule[] = [
  missingCheckPrograms,
  missingCapabilities,
  killProblems,
  uncoveredVolumes,
  tooLittleMemory,
  deafPorts,
  unreadableSecrets,
];

/**
 * Where declarations of a host do not give an image what it asks for. A field of a contract that
 * nobody read is not judged.
 */
export function contractProblems(
  host: HostDeclaration,
  contracts: readonly ImageContract[],
): Problem[] {
  return host.services.flatMap((service) => {
    const contract = contractOf(service.image, contracts);
    if (!contract) return [];
    return RULES.flatMap((rule) => rule(service, contract)).map(({ path, message }) => ({
      path: `${host.host}.${service.name}.${path}`,
      message,
    }));
  });
}

function missingCheckPrograms(service: ServiceDeclaration, { checkPrograms }: ImageContract) {
  const { value, source } = known(checkPrograms);
  if (value === undefined) return [];
  const there = new Set(value.map(baseName));
  const mounted = new Set((service.files ?? []).map(({ target }) => target));
  return checkedPrograms(service.health.test)
    .filter((program) => !mounted.has(program) && !there.has(baseName(program)))
    .map((program) => ({
      path: "health.test",
      message: `"${program}" is not in the image (${source}); use ${value.join(", ") || "a check without a program"}`,
    }));
}

/** Programs that a health check starts. */
function checkedPrograms([form, program = "", ...words]: readonly string[]): string[] {
  if (form === "CMD-SHELL") return ["sh", ...shellPrograms(program)];
  const [option = "", line = ""] = words;
  const isLine = /^(ba|da|a)?sh$/.test(baseName(program)) && /^-[a-z]*c$/.test(option);
  return [program, ...(isLine ? shellPrograms(line) : [])];
}

function missingCapabilities(service: ServiceDeclaration, { capabilities }: ImageContract) {
  const { value, source } = known(capabilities);
  if (value === undefined) return [];
  const given = service.capabilities ?? [];
  return (["start", "work", "stop"] as const).flatMap((part) =>
    value[part]
      .filter((capability) => !given.includes(capability))
      .map((capability) => ({
        path: "capabilities",
        message: `lacks ${capability}, without which the image does not ${part} (${source}); add it`,
      })),
  );
}

function uncoveredVolumes(
  { mounts = [], files = [] }: ServiceDeclaration,
  contract: ImageContract,
) {
  const { value = [], source } = known(contract.volumes);
  const covered = new Set([...mounts, ...files].map(({ target }) => withoutSlash(target)));
  return value
    .filter((path) => !covered.has(withoutSlash(path)))
    .map((path) => ({
      path: "mounts",
      message: `leaves ${path} out, a volume of the image (${source}): the engine would make one without a name for each new container; mount a volume or a tmpfs there`,
    }));
}

function tooLittleMemory({ limits }: ServiceDeclaration, { memoryFloor }: ImageContract) {
  const { value, source } = known(memoryFloor);
  if (value === undefined || toMebibytes(limits.memory) >= toMebibytes(value)) return [];
  return [
    {
      path: "limits.memory",
      message: `"${limits.memory}" is below ${value}, the least the program works in (${source}); raise it`,
    },
  ];
}

function deafPorts(service: ServiceDeclaration, { ports }: ImageContract) {
  const { value, source } = known(ports);
  if (value === undefined) return [];
  const open = new Set(value.map((port) => (port.includes("/") ? port : `${port}/tcp`)));
  const asked = [
    ...(service.ports ?? []).map(({ container, protocol }, index) => ({
      path: `ports[${index}].container`,
      port: `${container}/${protocol}`,
    })),
    ...(service.routes ?? []).map(({ port }, index) => ({
      path: `routes[${index}].port`,
      port: `${port}/tcp`,
    })),
    ...(service.scrapes ?? []).map(({ port }, index) => ({
      path: `scrapes[${index}].port`,
      port: `${port}/tcp`,
    })),
  ];
  return asked
    .filter(({ port }) => !open.has(port))
    .map(({ path, port }) => ({
      path,
      message: `the image does not listen on ${port}, but on ${value.join(", ") || "no port"} (${source}); name one of these`,
    }));
}

/** Value and source of a fact that was read; nothing of another. */
function known<T>(fact: Fact<T>): { value: T | undefined; source: string } {
  return "unread" in fact ? { value: undefined, source: "" } : fact;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
