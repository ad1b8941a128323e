// Programs that toolchain/build.sh supplies: the engine for the machines, Pulumi for the user.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { run } from "./command.ts";
import { ENGINE_PROGRAMS, MESH_PROGRAMS } from "./machine-files.ts";
import type { SandboxSettings } from "./settings.ts";

/** Group of programs, as toolchain/build.sh names it. */
export type ToolchainGroup = "pulumi" | "engine" | "services";

/**
 * The folder with a group's programs, built when the cache does not have it (minutes).
 * @throws HostError with the last lines of the build
 */
export async function programFolder(
  settings: SandboxSettings,
  group: ToolchainGroup,
): Promise<string> {
  const { stdout } = await run([join(settings.checkout, "toolchain", "build.sh"), group], {
    env: { HOMELAB_CACHE: settings.cache },
    timeoutSeconds: 3600,
    showProgress: true,
  });
  return stdout.trim().split("\n").at(-1) ?? "";
}

/**
 * The machines' programs, the engine's and the mesh's, as real files in a folder of the sandbox. The
 * toolchain's folder may hold links to the computer's own programs, and a file bound over another
 * does not do for runc: before it starts a container it looks at itself through an overlay of its
 * folder, which shows no binds.
 */
export async function machinePrograms(settings: SandboxSettings): Promise<string> {
  const engine = await programFolder(settings, "engine");
  const services = await programFolder(settings, "services");
  const sources = [
    ...ENGINE_PROGRAMS.map((name) => join(engine, name)),
    ...Object.keys(MESH_PROGRAMS).map((name) => join(services, name)),
  ];
  const files = await Promise.all(
    sources.map(async (source) => ({ name: basename(source), file: await realpath(source) })),
  );
  const versions = await Promise.all(
    files.map(async ({ file }) => {
      const { size, mtimeMs } = await stat(file);
      return [file, size, mtimeMs];
    }),
  );
  const key = createHash("sha256").update(JSON.stringify(versions)).digest("hex").slice(0, 12);
  const folder = join(settings.folder, "programs", key);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const { name, file } of files) await copyFile(file, join(unfinished, name));
  await rename(unfinished, folder);
  return folder;
}
