import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { HostDeclaration } from "../../../model/declaration.ts";
import type { HostName } from "../../../model/host-names.ts";
import { parseSite } from "../../../model/site.ts";
import { declareFleet } from "../../../stacks/fleet.plan.ts";
import { projectFolder, type Lab } from "./lab.ts";

/** A host as the sandbox's configuration declares it. */
export async function declaredHost(lab: Lab, host: HostName): Promise<HostDeclaration> {
  const text = await readFile(join(projectFolder(lab), `Pulumi.${host}.yaml`), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  return declareFleet(parseSite(config["homelab:site"]))[host].declaration;
}
