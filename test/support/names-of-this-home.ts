import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CAMERA_SECRETS, CAMERAS } from "../../household/cameras.ts";
import { HOSTS, HOUSEHOLD_NAME, hostWith, titleOf } from "../../model/host-names.ts";
import { CHECKOUT } from "./rooms.ts";

/** Names of settings and secrets that speak of a role, whatever the household is. */
const OF_THE_PROGRAM = "site.vps.provision";

/** What only this home is called: its hosts, domain and addresses, its sites, its cameras. */
export function namesOfThisHome(): string[] {
  const project = parse(readFileSync(join(CHECKOUT, "Pulumi.yaml"), "utf8")) as {
    readonly config: { readonly "homelab:site": { readonly value: Record<string, unknown> } };
  };
  const { domain, timezone, hosts } = project.config["homelab:site"].value;
  const addresses = JSON.stringify(hosts).match(/\d+\.\d+\.\d+\.\d+/g) ?? [];
  const cameras = CAMERAS.flatMap(({ camera, zone = camera }) => [
    camera,
    camera.replaceAll("_", "-"),
    zone,
  ]);
  return [
    ...HOSTS,
    titleOf(hostWith("home")),
    HOUSEHOLD_NAME,
    String(domain),
    String(timezone),
    ...addresses,
    ...cameras,
    ...Object.keys(CAMERA_SECRETS),
    ...sitesOfThisHome(),
  ];
}

/** Those that stand in a text, each as a word. */
export function namesOfThisHomeIn(text: string): string[] {
  const searched = text.replaceAll(OF_THE_PROGRAM, "");
  return namesOfThisHome().filter((name) =>
    new RegExp(`(?<![\\w.])${name.replaceAll(".", "\\.")}(?!\\w)`).test(searched),
  );
}

/** Names below the domain that this home gives its sites, as its plans say them. */
function sitesOfThisHome(): string[] {
  const folder = join(CHECKOUT, "household");
  return readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/\bat: "(\w+)"/g)].map(
      ([, name = ""]) => name,
    ),
  );
}
