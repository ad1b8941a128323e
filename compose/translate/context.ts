import type { HomeProxy } from "../../components/edge/proxy.plan.ts";
import type { HostName } from "../../model/host-names.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import type { Site } from "../../model/site.ts";
import type { Findings } from "../finding.ts";
import type { ComposeProject } from "../resolve/project.ts";
import type { Sources } from "../resolve/sources.ts";
import type { Vault } from "../secrets/vault.ts";
import type { Names } from "./names.ts";

/** A contract of an image that is in the catalogue, and how a plan imports it. */
export interface CatalogueEntry {
  readonly contract: ImageContract;
  /** Name of the constant, e.g. "REDIS_7_IMAGE". */
  readonly constant: string;
  /** Module below the checkout, e.g. "components/data/queue.image.ts". */
  readonly module: string;
}

/** What the app becomes a part of. */
export interface House {
  readonly site: Site;
  /** Host it is for. */
  readonly host: HostName;
  /** Folder below `components/`, and what its resources are called by. */
  readonly domain: string;
  /** Every contract that is written today. */
  readonly catalogue: readonly CatalogueEntry[];
  /** The host's reverse proxy, whose network apps join; undefined where one dials over a port. */
  readonly proxy: HomeProxy | undefined;
  /** Networks that the host has already. */
  readonly networks: readonly string[];
  /** Gates of the host for devices and mounts: path to the gate's name. */
  readonly gates: Readonly<Record<string, string>>;
}

/** What the parts of a translation share. */
export interface Context {
  readonly house: House;
  readonly project: ComposeProject;
  readonly names: Names;
  readonly vault: Vault;
  readonly findings: Findings;
  readonly sources: Sources;
  readonly imports: Imports;
}

/** The imports that a plan turns out to need. */
export class Imports {
  readonly #names = new Map<string, Set<string>>();

  /** @param module below the checkout, e.g. "model/app.ts" */
  add(module: string, name: string): string {
    const names = this.#names.get(module) ?? new Set();
    this.#names.set(module, names.add(name));
    return name;
  }

  /** By module, the names in it, in a stable order. */
  all(): { readonly module: string; readonly names: readonly string[] }[] {
    return [...this.#names.entries()]
      .map(([module, names]) => ({ module, names: [...names].sort() }))
      .sort((a, b) => a.module.localeCompare(b.module));
  }
}
