import type { HostDeclaration } from "./declaration.ts";
import { contractOf } from "./image-catalogue.ts";
import type { ImageContract } from "./image-contract.ts";
import { toMebibytes } from "./units.ts";

/** What the containers of one host may use and have to have, in MiB. */
export interface MemoryDemand {
  /** Sum of the limits: what they may use at once. */
  readonly limits: number;
  /** Sum of the least that the programs work in, as far as it is known. */
  readonly floors: number;
  /** Containers whose least is not known. */
  readonly unknown: number;
}

/** Limits and floors of a host's containers, added up. */
export function memoryDemand(
  { services }: HostDeclaration,
  contracts: readonly ImageContract[],
): MemoryDemand {
  const floors = services.flatMap(({ image }) => {
    const floor = contractOf(image, contracts)?.memoryFloor.value;
    return floor === undefined ? [] : [toMebibytes(floor)];
  });
  return {
    limits: sum(services.map(({ limits }) => toMebibytes(limits.memory))),
    floors: sum(floors),
    unknown: services.length - floors.length,
  };
}

/** MiB in words, e.g. "512 MiB", "2.6 GiB". */
export function memoryText(mebibytes: number): string {
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}

/** The page docs/memory.md. */
export function memoryPage(
  hosts: readonly HostDeclaration[],
  contracts: readonly ImageContract[],
): string {
  const totals = hosts.map((host) => {
    const { limits, floors, unknown } = memoryDemand(host, contracts);
    return `| ${host.host} | ${host.services.length} | ${memoryText(limits)} | ${memoryText(floors)} | ${unknown} |`;
  });
  return `# Memory

What each container may use (its limit), the least that its program works in (its floor, where the image's contract has one), and both added up. A limit below its floor is refused by \`npx homelab validate\`. A container that wants more than its limit is killed alone; where the limits of a host together exceed its memory, the kernel may kill any of them first. \`npx homelab check\` asks each host how much it has, and warns by how much that is too little.

This page is written from the declarations and the contracts: \`npx vitest run --project unit test/model/memory.test.ts -u\`.

| host | containers | limits | known floors | without a known floor |
|---|---:|---:|---:|---:|
${totals.join("\n")}

${hosts.map((host) => hostSection(host, contracts)).join("\n")}`;
}

function hostSection(
  { host, services }: HostDeclaration,
  contracts: readonly ImageContract[],
): string {
  const lines = services.map(({ name, image, limits }) => {
    const floor = contractOf(image, contracts)?.memoryFloor ?? {
      unread: "the image has no contract",
    };
    const [value, why] =
      "unread" in floor ? ["", floor.unread] : [memoryText(toMebibytes(floor.value)), floor.source];
    return `| ${name} | ${memoryText(toMebibytes(limits.memory))} | ${value} | ${why} |`;
  });
  return `## ${host}

| container | limit | floor | source, or why there is none |
|---|---:|---:|---|
${lines.join("\n")}
`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
