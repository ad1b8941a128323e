import { basename } from "node:path";
import type { DeclaredApp } from "../model/app.ts";
import { repositoryOf } from "../model/image-name.ts";
import { Findings, type Finding } from "./finding.ts";
import { kebab } from "./kebab.ts";
import type { Mistake } from "./mistake.ts";
import { loadProject, type LoadOptions } from "./resolve/load.ts";
import type { ComposeProject, ComposeService } from "./resolve/project.ts";
import { selectServices, type Selection } from "./resolve/select.ts";
import type { Sources } from "./resolve/sources.ts";
import { OTHER_FILE_KEYS } from "./schema/other-keys.ts";
import { Vault } from "./secrets/vault.ts";
import { Imports, type House } from "./translate/context.ts";
import { declaredBy, draftApp, folderOf, type TakenOver } from "./translate/draft.ts";
import { fullReference } from "./translate/image.ts";
import { knownImage } from "./translate/known-images.ts";
import { namesFor } from "./translate/names.ts";
import { imageFile } from "./write/image-file.ts";
import { planFile, textsModule } from "./write/plan-file.ts";
import { callOf, testFile, testFolder } from "./write/test-file.ts";
import { textsFile } from "./write/texts-file.ts";

/** What is imported, and into which house. */
export interface ImportOptions extends LoadOptions, Selection {
  /** Name of the app. @default that of the Compose project */
  readonly app?: string | undefined;
  /** The domain is the app's own where nobody names another. */
  readonly house: Omit<House, "domain"> & { readonly domain?: string | undefined };
}

/** A file that an import writes. */
export interface WrittenFile {
  /** Path below the checkout. */
  readonly path: string;
  readonly text: string;
}

/** An app made from a Compose file. */
export interface ImportedApp {
  readonly app: string;
  /** Name of its function, and what it is called with. */
  readonly functionName: string;
  readonly call: string;
  /** Its plan first. */
  readonly files: readonly WrittenFile[];
  readonly findings: readonly Finding[];
  /** What the plan comes to. */
  readonly declared: DeclaredApp;
  /** Names of its secrets, and where a person finds the value of each. */
  readonly secrets: readonly { readonly name: string; readonly standsIn: string | undefined }[];
  readonly takenOver: readonly TakenOver[];
}

/**
 * Makes an app of a Compose file: nothing is written, and no secret is in what it answers.
 * @returns every mistake of the file, or the app
 */
export function importCompose(
  options: ImportOptions,
  sources: Sources,
): { readonly mistakes: readonly Mistake[] } | { readonly imported: ImportedApp } {
  // The vault's names need the app's, which the file may say: it is read once without them.
  const app = kebab(options.app ?? loadProject(options, sources, new Vault("app")).name);
  const vault = new Vault(app);
  const project = loadProject(options, sources, vault);
  const selected = selectServices(project, options);
  const mistakes = [...project.mistakes, ...selected.mistakes];
  if (mistakes.length > 0) return { mistakes };

  const findings = new Findings();
  const services = withoutReplaced(selected.services, options, findings);
  if (services.length === 0) {
    return { mistakes: [{ file: basename(options.file), path: "services", message: NOTHING }] };
  }
  for (const { name, profiles } of selected.keptBack) {
    const place = { file: "", line: undefined, path: `services.${name}` };
    findings.dropped(place, `it is in the profile ${profiles.join(", ")}; --profile brings it`);
  }
  tellOfProject(project, services, findings, sources);
  const imports = new Imports();
  const names = namesFor(app, project);
  const house = { ...options.house, domain: options.house.domain ?? app };
  const context = { house, project, names, vault, findings, sources, imports };
  const draft = draftApp(services, context);
  const folder = folderOf(draft);
  const optional = [
    { path: `${folder}/${app}.image.ts`, text: imageFile(draft) },
    { path: textsModule(draft), text: textsFile(draft) },
  ];
  const files: WrittenFile[] = [
    { path: `${folder}/${app}.plan.ts`, text: planFile(draft, imports, basename(options.file)) },
    ...optional.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }])),
    { path: `${testFolder(draft)}/${app}.test.ts`, text: testFile(draft) },
  ];
  const leaked = leaks(vault, [...files.map(({ text }) => text), JSON.stringify(findings.all)]);
  if (leaked.length > 0) {
    return {
      mistakes: leaked.map((message) => ({ file: basename(options.file), path: "", message })),
    };
  }
  return {
    imported: {
      app,
      functionName: draft.functionName,
      call: callOf(draft),
      files,
      findings: findings.all,
      declared: declaredBy(draft),
      secrets: draft.secrets,
      takenOver: draft.takenOver,
    },
  };
}

const NOTHING = "leaves no service to import; --service names one";

/** Without what the household has an own one of, unless a person names it. */
function withoutReplaced(
  services: readonly ComposeService[],
  { services: named }: Selection,
  findings: Findings,
): ComposeService[] {
  return services.filter((service) => {
    const { reference } = fullReference(service.fields.image ?? "");
    const own = knownImage(repositoryOf(reference))?.replacedBy;
    if (own === undefined || named?.includes(service.name)) return true;
    findings.dropped(
      service.place("image"),
      `"${service.name}" is left out, ${own} has its place; --service ${service.name} brings it`,
    );
    return false;
  });
}

function tellOfProject(
  project: ComposeProject,
  services: readonly ComposeService[],
  findings: Findings,
  sources: Sources,
): void {
  for (const { key, place } of project.others) {
    findings.dropped(place, OTHER_FILE_KEYS[key] ?? "nothing here reads it");
  }
  for (const { name, place } of project.unset) {
    const isWanted = services.some(
      (service) =>
        place.path === `services.${service.name}` ||
        place.path.startsWith(`services.${service.name}.`),
    );
    if (isWanted) findings.assumed(place, `the variable ${name} is set nowhere, so it is empty`);
  }
  for (const name of [
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yml",
  ]) {
    if (sources.kind(`${project.folder}/${name}`) !== "file") continue;
    findings.dropped({ file: name, line: undefined, path: "" }, "it is not read: one file is");
  }
}

/** The last look at what goes out: whatever was overlooked before, no secret leaves this room. */
function leaks(vault: Vault, texts: readonly string[]): string[] {
  const marked = vault.markedIn(texts);
  const open = vault.namesIn(texts);
  return [
    ...marked.map(
      (secret) =>
        `${secret}: looks like a secret, and stands where none can be (an image, a path, a name); write it out there, or call its variable otherwise`,
    ),
    ...open.map(
      (secret) =>
        `${secret}: its value stands in a place that is no secret's too, and would be written there; take it out`,
    ),
  ];
}
