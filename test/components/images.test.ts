import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { readerOf } from "../../model/image-catalogue.ts";
import type { Fact, ImageContract } from "../../model/image-contract.ts";
import { dataKeepers } from "../../model/kept-data.ts";
import { isAbout } from "../../model/image-reference.ts";
import { IMAGE_CONTRACTS, imageContract, hosts, hostsWithEverything } from "../support/fleet.ts";

const COMPONENTS = join(import.meta.dirname, "../../components");

const used = [
  ...new Set(hostsWithEverything.flatMap(({ services }) => services.map(({ image }) => image))),
].sort();

/** Every contract that a file beside an app exports. */
async function written(): Promise<ImageContract[]> {
  const files = readdirSync(COMPONENTS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".image.ts"))
    .map((file) => pathToFileURL(join(COMPONENTS, file)).href);
  const modules = await Promise.all(
    files.map((file) => import(file) as Promise<Record<string, ImageContract>>),
  );
  return modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (name.endsWith("_IMAGE") ? [value] : [])),
  );
}

describe("the contracts of the images", () => {
  it("are in one list, each that is written and each once", async () => {
    const references = IMAGE_CONTRACTS.map(({ reference }) => reference);
    expect((await written()).map(({ reference }) => reference).sort()).toEqual(references.sort());
    expect(references).toEqual([...new Set(references)]);
  });

  it("are of images that a service runs", () => {
    const references = IMAGE_CONTRACTS.map(({ reference }) => reference);
    expect(references.filter((entry) => !used.some((image) => isAbout(entry, image)))).toEqual([]);
  });

  it("are there for every image that a service runs", () => {
    expect(used.filter((image) => imageContract(image) === undefined)).toEqual([]);
  });

  it("say what versions make of each other's data, of every image whose data a job copies", () => {
    const keeping = hosts.flatMap((host) => dataKeepers(host, { version: 1, images: {} }, []));
    const images = keeping.map(({ image }) => image.replace(/@.*/, ""));
    expect(images.length).toBeGreaterThan(20);
    expect(images.filter((image) => imageContract(image)?.data === undefined)).toEqual([]);
  });

  it("say of each field where it was read, or why it was not", () => {
    for (const contract of IMAGE_CONTRACTS) {
      const facts = Object.values(contract).filter(
        (field): field is Fact<unknown> =>
          typeof field === "object" && ("source" in field || "unread" in field),
      );
      expect(facts, contract.reference).toHaveLength(contract.data ? 11 : 10);
      for (const fact of facts) {
        const words = "unread" in fact ? fact.unread : fact.source;
        expect(words, contract.reference).toMatch(/\S{2,} \S/);
      }
      // Read in pages of a registry and in people's reports, and not in the image's own files.
      const elsewhere: readonly Fact<unknown>[] = [contract.tag, contract.memoryFloor];
      const isRead = facts.some((fact) => !elsewhere.includes(fact) && !("unread" in fact));
      expect(!isRead || contract.read.length > 0, contract.reference).toBe(true);
    }
  });

  it("write ports, capabilities and users in one form", () => {
    for (const { reference, ports, capabilities, processes, secretReader } of IMAGE_CONTRACTS) {
      for (const port of ports.value ?? []) expect(port, reference).toMatch(/^\d+(\/udp)?$/);
      const needs = Object.values(capabilities.value ?? {}).flat() as string[];
      for (const capability of needs) expect(capability, reference).toMatch(/^(?!CAP_)[A-Z_]+$/);
      const users = [
        ...(processes.value ?? []).map(({ user }) => user),
        secretReader.value ?? "0:0",
      ];
      for (const user of users) expect(user, reference).toMatch(/^\d+:\d+$/);
    }
  });

  it("say who owns the files of a service", () => {
    const [contract] = IMAGE_CONTRACTS;
    if (!contract) throw new Error("no contract");
    const reader = { ...contract, secretReader: { value: "7:8", source: "start.sh of it" } };
    expect(readerOf(contract.reference, [reader])).toBe("7:8");
    const unknown = { ...contract, secretReader: { unread: "nobody looked" } };
    expect(readerOf(contract.reference, [unknown])).toBe("0:0");
    expect(() => readerOf("docker.io/library/none:1.0", [])).toThrow("has no contract");
  });
});
