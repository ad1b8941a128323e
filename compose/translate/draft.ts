import type { DeclaredApp } from "../../model/app.ts";
import type { CopyJob } from "../../model/copy-job.ts";
import type { AppService, NetworkDeclaration, VolumeDeclaration } from "../../model/declaration.ts";
import { generated, person, type Secrets } from "../../model/secrets.ts";
import { Findings } from "../finding.ts";
import type { FoundSecret } from "../secrets/vault.ts";
import { plainOf, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import { draftJob, type DraftDatabase } from "./database.ts";
import type { Context } from "./context.ts";
import type { TranslatedImage } from "./image.ts";
import { camel, composedContainer, pascal } from "./names.ts";
import { declaredNetworks } from "./networks.ts";
import { translateRoutes } from "./routes.ts";
import { translateService, type DraftService } from "./service.ts";
import { Texts } from "./texts.ts";
import { declaredVolumes, Volumes } from "./volumes.ts";

/** An app as it is going to be written: plain data, and nothing of a file's layout. */
export interface Draft {
  /** Name of the app and of its files, e.g. "paperless-ngx". */
  readonly app: string;
  readonly domain: string;
  /** Name of its function, e.g. "paperlessNgx". */
  readonly functionName: string;
  /** e.g. "homelab:documents:PaperlessNgx". */
  readonly type: string;
  /** Name of its one site, an option of the app. */
  readonly at: string | undefined;
  readonly exposes: Readonly<Record<string, string>>;
  readonly services: readonly DraftService[];
  readonly images: readonly TranslatedImage[];
  readonly networks: readonly Printable[];
  readonly volumes: readonly Printable[];
  readonly secrets: readonly FoundSecret[];
  readonly texts: readonly (readonly [constant: string, text: string])[];
  /** The database that is dumped. */
  readonly database: DraftDatabase | undefined;
  readonly job: Printable | undefined;
  /** What `homelab adopt` takes over, one container each. */
  readonly takenOver: readonly TakenOver[];
}

/** A container that runs today, and the data that it leaves to the declared one. */
export interface TakenOver {
  readonly container: string;
  readonly service: string;
  /** Volume or folder of today to the declared volume. */
  readonly volumes: readonly (readonly [old: string, declared: string])[];
}

/** Fields of the component's own class, which no service can have. */
const TAKEN_FIELDS = ["service", "urn"];

/** An app from the services of a Compose file. */
export function draftApp(services: readonly ComposeService[], context: Context): Draft {
  const { names, house, vault, findings } = context;
  const volumes = new Volumes();
  const texts = new Texts();
  // What is said of a route is said when its service is translated.
  const unheard = { ...context, findings: new Findings() };
  const sites = services.flatMap((one) => translateRoutes(one, unheard));
  const [first, ...others] = new Set(sites.map(({ name }) => name));
  const at = others.length === 0 ? first : undefined;
  const chosen = new Set(services.map(({ name }) => name));
  const drafts: DraftService[] = [];
  for (const service of services) {
    const hasDump = drafts.some(({ database }) => database !== undefined);
    drafts.push(translateService(service, { volumes, texts, chosen, at, sites, hasDump }, context));
  }
  const networks = declaredNetworks(
    drafts.flatMap((draft) => draft.networks),
    context,
  );
  const database = drafts.find((draft) => draft.database !== undefined)?.database;
  const ownNetwork = (plainOf(networks[0]) as { name: string } | undefined)?.name;
  const job = database && draftJob(database, volumes.all(), ownNetwork ?? "", context);
  if (volumes.all().length > 0) {
    const how = job
      ? "a nightly job of the app's own copies the dump of its database and its volumes"
      : `the nightly job of ${house.host} copies its volumes`;
    findings.assumed(
      { file: "", line: undefined, path: "volumes" },
      `${how}; name SQLite files that it writes (\`databases\`, \`sqlite\`), and say in \`notCopied\` what may be lost`,
    );
  }
  return {
    app: names.app,
    domain: house.domain,
    functionName: functionNameOf(names.app),
    type: `homelab:${house.domain}:${pascal(names.app)}`,
    at,
    exposes: Object.fromEntries(
      drafts.map(({ composed, container }) => {
        const field = camel(composed);
        return [TAKEN_FIELDS.includes(field) ? `${field}Service` : field, container];
      }),
    ),
    services: drafts,
    images: [...new Map(drafts.map(({ image }) => [image.reference, image])).values()],
    networks,
    volumes: declaredVolumes(volumes.all(), job !== undefined, database?.fields.volume),
    secrets: vault.used(),
    texts: texts.all(),
    database,
    job,
    takenOver: services.map((service) => takenOver(service, drafts, volumes, context)),
  };
}

/** What the code of a plan calls other things, and words that no function can be called. */
const TAKEN_NAMES = new Set(
  "app at backup databaseDump generated person proxy reachedThrough site await case catch class const default delete do else enum export extends false finally for function if import in instanceof interface let new null package return static super switch this throw true try typeof var void while with yield".split(
    " ",
  ),
);

function functionNameOf(app: string): string {
  const name = camel(app);
  return TAKEN_NAMES.has(name) ? `${name}App` : name;
}

function takenOver(
  service: ComposeService,
  drafts: readonly DraftService[],
  volumes: Volumes,
  { project }: Context,
): TakenOver {
  const draft = drafts.find(({ composed }) => composed === service.name);
  const mounted = ((plainOf(draft?.fields["mounts"]) ?? []) as { volume?: string }[]).map(
    ({ volume }) => volume,
  );
  return {
    container: composedContainer(project, service),
    service: draft?.container ?? service.name,
    volumes: volumes
      .all()
      .flatMap(({ name, from }) =>
        from !== undefined && mounted.includes(name) ? [[from, name] as const] : [],
      ),
  };
}

/** What a secret of the file becomes: a person has its value, or nobody yet. */
export function secretEntry({ name, standsIn }: FoundSecret, app: string) {
  const purpose = name.startsWith(`${app}-`)
    ? `${app}: ${name.slice(app.length + 1).replaceAll("-", " ")}`
    : name;
  return { purpose, example: standsIn && `the value of ${standsIn}` };
}

/** What the written code comes to, for whoever holds it against the rules. */
export function declaredBy(draft: Draft): DeclaredApp {
  const services = draft.services.map(({ fields }) => plainOf(fields) as AppService);
  const volumes = draft.volumes.map((volume) => plainOf(volume) as VolumeDeclaration);
  const secrets: Secrets = Object.fromEntries(
    draft.secrets.map((found) => {
      const { purpose, example } = secretEntry(found, draft.app);
      return [found.name, example === undefined ? generated(purpose) : person(purpose, example)];
    }),
  );
  const { job } = draft;
  return {
    type: draft.type as DeclaredApp["type"],
    exposes: draft.exposes,
    images: draft.images.map(({ contract }) => contract),
    networks: draft.networks.map((network) => plainOf(network) as NetworkDeclaration),
    services,
    ...(job !== undefined && { jobs: [plainOf(job) as CopyJob] }),
    ...(draft.secrets.length > 0 && { secrets }),
    volumes,
  };
}

/** What an app is called for people: "PaperlessNgx" of "homelab:documents:PaperlessNgx". */
export function titleOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/** Folder of the app's plan, below the checkout. */
export function folderOf({ domain }: Pick<Draft, "domain">): string {
  return `components/${domain}`;
}
