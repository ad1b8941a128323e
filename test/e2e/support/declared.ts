import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { HostDeclaration } from "../../../model/declaration.ts";
import type { HostName } from "../../../model/host-names.ts";
import { parseSite, type Site } from "../../../model/site.ts";
import { declareFleet, type Fleet } from "../../../household/fleet.plan.ts";
import { projectFolder, type Lab } from "./lab.ts";

/** The site as the sandbox configures it. */
export async function declaredSite(lab: Lab): Promise<Site> {
  const text = await readFile(join(projectFolder(lab), "Pulumi.vps.yaml"), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  return parseSite(config["homelab:site"]);
}

/** All hosts as the sandbox's configuration declares them. */
export async function declaredFleet(lab: Lab): Promise<Fleet> {
  return declareFleet(await declaredSite(lab));
}

/** A host as the sandbox's configuration declares it. */
export async function declaredHost(lab: Lab, host: HostName): Promise<HostDeclaration> {
  return (await declaredFleet(lab))[host].declaration;
}
