import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import {
  bootProgram,
  controlPlaneProgram,
  uptimeProgram,
  type ControlPlanePart,
} from "../programs/bundle.ts";
import { controlPlanePages } from "../programs/pages.ts";
import { openScratch } from "../components/core/handed-script.ts";
import { guardLook } from "../components/backup/data-guard-script.ts";
import type { PageFile } from "../components/monitoring/control-plane-page.plan.ts";
import { imageLook } from "../hosts/images/image-look.ts";
import { observeHost, type Observation } from "../hosts/observation.ts";
import { accessKeys } from "../model/access-problems.ts";
import { devicesToLookFor } from "../model/device-gates.ts";
import { UserError } from "../model/errors.ts";
import { assertFirstUserKept } from "../model/first-user.ts";
import { parseWithoutCopy } from "../model/without-copy.ts";
import { hostPlan } from "../model/host-plan.ts";
import { HOSTS, type HostName } from "../model/host-names.ts";
import { contractsOf } from "../model/image-catalogue.ts";
import { dataKeepers } from "../model/kept-data.ts";
import { lockedImages } from "../model/locked-images.ts";
import { parseImageLock, pinned, type ImageLock } from "../model/image-reference.ts";
import type { SecretName } from "../model/secrets.ts";
import { parseSite, type Site } from "../model/site.ts";
import { secretsUsedBy } from "../model/host-secrets.ts";
import { assertDeployable } from "../model/validate.ts";
import { BACKUP_PROGRAM } from "../household/backup.ts";
import { declareFleet, type Fleet } from "../household/fleet.plan.ts";
import { fleetWithOverrides, tellOverrides } from "./overrides.ts";
import { stackOutputs, type StackOutputs } from "./stack-outputs.ts";

/** What is known of a stack before its host was asked. */
export interface StackSettings extends StackOutputs {
  readonly host: HostName;
  readonly site: Site;
  /** All hosts as data. */
  readonly fleet: Fleet;
  readonly lock: ImageLock;
  /**
   * Image by service, as its contract names it, for which a person has said that its data is left to
   * chance: no copy, no look at who wrote it.
   */
  readonly withoutCopy: Readonly<Record<string, string>>;
  /** A secret of this stack's encrypted config; known to be there. */
  readonly secret: (name: SecretName) => pulumi.Output<string>;
  /** The boot orchestrator as one file of JavaScript. */
  readonly bootProgram: string;
  /** What brings the monitors into Uptime Kuma, as one file of JavaScript. */
  readonly uptimeProgram: () => Promise<string>;
  /** A part of the control plane, as one file of JavaScript. */
  readonly controlPlaneProgram: (part: ControlPlanePart) => Promise<string>;
  /** What its page gives a browser to run, by the name of the file. */
  readonly controlPlanePages: () => Promise<Readonly<Record<PageFile, string>>>;
}

/** Everything a stack is realised from. */
export interface StackContext extends StackSettings {
  /** What the host said about itself. */
  readonly observation: Observation;
}

/**
 * Reads the configuration and checks all declarations. Whatever is wrong is reported here, before
 * a single resource is registered.
 * @param checkout folder with the sources of the boot orchestrator
 */
export async function readStackSettings(host: HostName, checkout: string): Promise<StackSettings> {
  const config = new pulumi.Config("homelab");
  const site = parseSite(config.getObject("site"));
  const lock = await readLock(config.get("imageLock"));
  const fleet = declareFleet(site);
  const given = [
    ...secretsUsedBy(fleet[host].declaration).filter((name) => config.get(name) !== undefined),
    ...accessKeys(fleet[host].declaration)
      .map(({ key }) => key)
      .filter((key) => pulumi.runtime.getConfig(key) !== undefined),
  ];
  const hosts = HOSTS.map((name) => fleet[name].declaration);
  assertDeployable({
    hosts,
    host,
    lock,
    contracts: contractsOf(hosts),
    given,
  });
  return {
    host,
    site,
    fleet,
    lock,
    withoutCopy: parseWithoutCopy(config.getObject("withoutCopy"), fleet[host].declaration),
    secret: (name) => config.requireSecret(name),
    bootProgram: await bootProgram(checkout),
    uptimeProgram: () => uptimeProgram(checkout),
    controlPlaneProgram: (part) => controlPlaneProgram(checkout, part),
    controlPlanePages: () => controlPlanePages(checkout),
    ...stackOutputs(),
  };
}

/**
 * Asks the host what is on it, and goes on with what a person overrides there.
 * @throws UserError HL-SCRATCH when the scripts of this deployment could lie nowhere
 * @throws HostError HL-UNREACHABLE or HL-ENGINE
 * @throws UserError HL-OVERRIDE for an override that cannot be
 * @throws UserError HL-ADMIN-USER when its apps know the first user by another name
 */
export async function observe(settings: StackSettings): Promise<StackContext> {
  openScratch();
  const { host, fleet, lock, withoutCopy } = settings;
  const { declaration } = fleet[host];
  const { gates } = hostPlan(declaration, lock, "");
  const devices = devicesToLookFor(declaration);
  const keepers = dataKeepers(declaration, lock, declaration.contracts ?? []);
  const look = guardLook({ program: BACKUP_PROGRAM, host, keepers, withoutCopy });
  const images = [...lockedImages(declaration.services, lock)].map((image) => pinned(...image));
  const observation = await observeHost(host, gates, devices, imageLook(images) + look);
  assertFirstUserKept({
    host,
    declared: settings.site.adminUser,
    deployed: observation.firstUser,
    steps: declaration.renamingUser ?? [],
  });
  const { overrides } = observation;
  await tellOverrides(fleet, host, overrides);
  return { ...settings, fleet: fleetWithOverrides(fleet, host, overrides), observation };
}

async function readLock(path: string | undefined): Promise<ImageLock> {
  const where = path ?? "images.lock.json";
  let text: string;
  try {
    text = await readFile(where, "utf8");
  } catch {
    throw new UserError(
      "HL-LOCK",
      `the image lock file "${where}" cannot be read; \`npx homelab images lock\` writes it, and config homelab:imageLock names another`,
    );
  }
  return parseImageLock(text, where);
}
