// The same Pulumi project with the program of another commit.
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { HostName } from "../model/host-names.ts";
import type { ImageLock } from "../model/image-reference.ts";
import { lockText } from "./images/lock-file.ts";
import { lockPathOf, openProject, type Project } from "./project.ts";

const mainSchema = z.looseObject({ main: z.string().optional() });
const configSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/**
 * Makes a project of the operator's stack files, another commit's program and the digests that it
 * was deployed with.
 * @param folder where it is made; must not exist
 * @param program folder of the program at that commit
 */
export async function projectOfCommit(
  project: Project,
  host: HostName,
  { folder, program, lock }: { folder: string; program: string; lock: ImageLock },
): Promise<Project> {
  await mkdir(folder, { mode: 0o700 });
  const stackFiles = (await readdir(project.folder)).filter((name) =>
    /^Pulumi\..+\.yaml$/.test(name),
  );
  for (const name of stackFiles) await copyFile(join(project.folder, name), join(folder, name));
  const committed = mainSchema.parse(
    parse(await readFile(join(project.folder, "Pulumi.yaml"), "utf8")),
  );
  const main = join(program, basename(committed.main ?? "index.ts"));
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ ...committed, main }));
  await writeLock(project, host, { folder, program, lock });
  return openProject({ PULUMI_OPTION_CWD: folder });
}

/** Where the program looks for it: beside itself, or elsewhere, which then is another place. */
async function writeLock(
  project: Project,
  host: HostName,
  { folder, program, lock }: { folder: string; program: string; lock: ImageLock },
): Promise<void> {
  const inside = relative(project.programFolder, lockPathOf(project, host));
  const isInside = !inside.startsWith("..") && !isAbsolute(inside);
  const path = isInside ? join(program, inside) : join(folder, "images.lock.json");
  await writeFile(path, lockText(lock));
  if (isInside) return;
  const stackFile = join(folder, `Pulumi.${host}.yaml`);
  const content = configSchema.parse(parse(await readFile(stackFile, "utf8")));
  const config = { ...content.config, "homelab:imageLock": path };
  await writeFile(stackFile, stringify({ ...content, config }), { mode: 0o600 });
}
