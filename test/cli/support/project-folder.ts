import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { declarationsOf, openProject } from "../../../workspace/project.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { secretsOf } from "../../../model/host-secrets.ts";

const CHECKOUT = join(import.meta.dirname, "../../..");

/** A copy of the committed project files in a folder of its own, whose program is the checkout. */
export function projectFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "homelab-project-"));
  for (const host of HOSTS) {
    cpSync(join(CHECKOUT, `Pulumi.${host}.yaml`), join(folder, `Pulumi.${host}.yaml`));
  }
  mkdirSync(join(folder, "program"));
  const project = parse(readFileSync(join(CHECKOUT, "Pulumi.yaml"), "utf8")) as object;
  const main = join(folder, "program", "program.mjs");
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...project, main }));
  return folder;
}

/** Changes a YAML file of the folder. */
export function editYaml<T>(folder: string, file: string, change: (content: T) => void): void {
  const path = join(folder, file);
  const content = parse(readFileSync(path, "utf8")) as T;
  change(content);
  writeFileSync(path, stringify(content));
}

/** Content of a stack file. */
export interface StackYaml {
  config: Record<string, unknown>;
}

/** Fills the folder so that nothing is missing: an encrypted secret for each name, a digest for each image. */
export async function completeProject(folder: string): Promise<void> {
  const declarations = declarationsOf(await openProject({ PULUMI_OPTION_CWD: folder }));
  for (const declaration of declarations) {
    editYaml<StackYaml>(folder, `Pulumi.${declaration.host}.yaml`, ({ config }) => {
      for (const name of secretsOf(declaration))
        config[`homelab:${name}`] = { secure: "v1:unread" };
    });
  }
  const digest = `sha256:${"0".repeat(64)}`;
  const images = declarations.flatMap(({ services }) => services.map(({ image }) => image));
  writeFileSync(
    join(folder, "program", "images.lock.json"),
    JSON.stringify({
      version: 1,
      images: Object.fromEntries(images.map((image) => [image, digest])),
    }),
  );
}
