import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CatalogueEntry, House } from "../../compose/translate/context.ts";
import type { HomeProxy } from "../../components/edge/proxy.plan.ts";
import { PROXIES } from "../../household/proxies.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { hasRole, type HostName } from "../../model/host-names.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import type { Site } from "../../model/site.ts";

const COMPONENTS = "components";

/** Where an app is going to live, from what is declared today. */
export async function houseFor(
  checkout: string,
  site: Site,
  host: HostDeclaration,
  domain: string | undefined,
): Promise<Omit<House, "domain"> & { domain: string | undefined }> {
  const networks = host.networks.map(({ name }) => name);
  const gates = host.gates.flatMap((gate) =>
    gate.kind === "device" || gate.kind === "mount" ? [[gate.path, gate.name] as const] : [],
  );
  return {
    site,
    host: host.host,
    domain,
    catalogue: await catalogueOf(checkout),
    proxy: proxyOf(host.host, networks),
    networks,
    gates: Object.fromEntries(gates),
  };
}

/** The proxy of the host at home has a network for its apps; it dials those of others over a port. */
function proxyOf(host: HostName, networks: readonly string[]): HomeProxy | undefined {
  const { home } = PROXIES;
  return hasRole(host, "home") && networks.includes(home.network) ? home : undefined;
}

/** The contracts that are written, with the constants that hold them. */
async function catalogueOf(checkout: string): Promise<CatalogueEntry[]> {
  const modules = readdirSync(join(checkout, COMPONENTS), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".image.ts"))
    .map((file) => `${COMPONENTS}/${file}`);
  const typescript = await typescriptLoader();
  const entries = modules.map(async (module) => {
    const url = pathToFileURL(join(checkout, module)).href;
    const found = (await typescript.import(url, url)) as Record<string, ImageContract>;
    return Object.entries(found)
      .filter(([constant]) => constant.endsWith("_IMAGE"))
      .map(([constant, contract]): CatalogueEntry => ({ constant, contract, module }));
  });
  const catalogue = (await Promise.all(entries)).flat();
  await typescript.unregister();
  return catalogue;
}

/**
 * What imports a module of the checkout as it is written: these commands are run as one file of
 * JavaScript, where Node takes no TypeScript.
 */
async function typescriptLoader() {
  const { register } = await import("tsx/esm/api");
  return register({ namespace: "contracts" });
}
