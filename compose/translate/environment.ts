import { hasSecret } from "../secrets/vault.ts";
import { Code, escaped, noted, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context, House } from "./context.ts";
import type { TranslatedImage } from "./image.ts";
import type { TranslatedRoute } from "./routes.ts";

/** What becomes of a service's environment: values, and files for those that are secrets. */
export interface TranslatedEnvironment {
  readonly env: Record<string, Printable>;
  readonly files: readonly Printable[];
  /** Script that brings the secrets into the environment of the program alone, where one is needed. */
  readonly start: string | undefined;
}

/** The sites of an app. */
export interface NamedSites {
  /** Name of the one that is an option of the app. */
  readonly at: string | undefined;
  readonly sites: readonly Pick<TranslatedRoute, "name" | "host">[];
}

/** Folder of the files that hold secrets. */
const FOLDER = "/run/secrets";

/**
 * The environment of a service, in which no secret stands: an image that reads a file in place of a
 * value is told which, and for one with an entry point of its own in the Compose file a script reads
 * them at its start.
 * @param named sites of the app, whose names values may have in them
 */
export function translateEnvironment(
  service: ComposeService,
  image: TranslatedImage,
  named: NamedSites,
  context: Context,
): TranslatedEnvironment {
  const env: Record<string, Printable> = {};
  const files: Printable[] = [];
  const read: string[] = [];
  for (const [name, value] of Object.entries(service.environment)) {
    if (!hasSecret(value)) {
      env[name] = plainValue(name, value, named, service, context);
      continue;
    }
    const target = `${FOLDER}/${name.toLowerCase().replaceAll("_", "-")}`;
    const secret = context.vault.nameOf(value);
    files.push({
      target,
      content:
        secret === undefined
          ? { kind: "template", template: context.vault.templateOf(value) }
          : { kind: "secret", secret },
    });
    const variable = fileVariable(name, service, image);
    if (variable === undefined) read.push(`${name}=$(cat ${target})\nexport ${name}\n`);
    else env[variable.name] = noted(askedAbout(name, variable, service, context), target);
  }
  if (read.length === 0) return { env, files, start: undefined };
  return {
    env,
    files,
    start: `#!/bin/sh\nset -eu\n${read.join("")}exec "$@"\n`,
  };
}

/** The variable by which the image takes a file; undefined where a start script reads it instead. */
function fileVariable(
  name: string,
  service: ComposeService,
  { known, contract, entry }: TranslatedImage,
): { readonly name: string; readonly isKnown: boolean } | undefined {
  const { secretFile } = known ?? {};
  if (secretFile) {
    return { name: `${secretFile.before ?? ""}${name}${secretFile.after ?? ""}`, isKnown: true };
  }
  if (entry && contract.secrets === "file-variable") return { name: `${name}_FILE`, isKnown: true };
  if (service.fields.entrypoint !== undefined) return undefined;
  return { name: `${name}_FILE`, isKnown: false };
}

function askedAbout(
  name: string,
  variable: { readonly name: string; readonly isKnown: boolean },
  service: ComposeService,
  { findings }: Context,
): string[] {
  if (variable.isKnown) return [];
  return [
    findings.decide(
      service.place("environment", name),
      `whether "${service.name}" reads ${variable.name}. If not, let a script bring ${name} into its environment, as components/javya/javya.plan.ts does: for that the image's own entry point has to be known`,
    ),
  ];
}

function plainValue(
  name: string,
  value: string,
  named: NamedSites,
  service: ComposeService,
  { house, findings }: Context,
): Printable {
  const { timezone } = house.site;
  if (name === "TZ") {
    if (value !== timezone) {
      findings.changed(
        service.place("environment", "TZ"),
        `the time zone is the household's, ${timezone}`,
      );
    }
    return new Code("site.timezone", timezone);
  }
  return withDomain(value, named, house);
}

/** A text in which the names of sites are those that they have here, and the domain is the household's. */
export function withDomain(
  value: string,
  { at, sites }: NamedSites,
  { site: { domain } }: Pick<House, "site">,
): Printable {
  const here = sites.reduce(
    (text, { host, name }) => text.replaceAll(host, `${name}.${domain}`),
    value,
  );
  if (!here.includes(domain)) return value;
  if (here === domain) return new Code("site.domain", domain);
  const text = escaped(here);
  const named =
    at === undefined ? text : text.replaceAll(`${at}.${domain}`, "${at}.${site.domain}");
  return new Code(`\`${named.replaceAll(domain, "${site.domain}")}\``, here);
}
