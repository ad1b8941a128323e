// Programs that toolchain/build.sh supplies: the engine for the machines, Pulumi for the user.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { run } from "../hosts/local-command.ts";
import { ENGINE_PROGRAMS, MESH_PROGRAMS } from "./machine-files.ts";
import { step, type Reporter } from "./reporter.ts";
import type { SandboxSettings } from "./settings.ts";

/** Group of programs, as toolchain/build.sh names it. */
export type ToolchainGroup = "pulumi" | "engine" | "services" | "conformance";

/**
 * The folder with a group's programs, built when the cache does not have it (minutes).
 * @param building told the name of each program when its build begins
 * @throws HostError with the last lines of the build and where its log is
 */
export async function programFolder(
  settings: Pick<SandboxSettings, "checkout" | "cache">,
  group: ToolchainGroup,
  building: (program: string) => void = () => undefined,
): Promise<string> {
  const { stdout } = await run([join(settings.checkout, "toolchain", "build.sh"), group], {
    env: { HOMELAB_CACHE: settings.cache },
    timeoutSeconds: 3600,
    onErrorLine: (line) => {
      const program = /^toolchain: \S+: (.+): building$/.exec(line)?.[1];
      if (program !== undefined) building(program);
    },
  });
  return stdout.trim().split("\n").at(-1) ?? "";
}

/** Name under which the progress display shows each group. */
const STEP_OF: Readonly<Record<ToolchainGroup, string>> = {
  engine: "engine programs",
  services: "mesh and service programs",
  pulumi: "pulumi programs",
  conformance: "programs to be asked",
};

/** The same, as a step that says which program is being built. */
export function programStep(
  settings: Pick<SandboxSettings, "checkout" | "cache">,
  group: ToolchainGroup,
  reporter: Reporter,
): Promise<string> {
  const name = STEP_OF[group];
  const building = (program: string): void => reporter.detail?.(name, program);
  return step(reporter, name, () => programFolder(settings, group, building));
}

/**
 * The machines' programs, the engine's and the mesh's, as real files in a folder of the sandbox. The
 * toolchain's folder may hold links to the computer's own programs, and a file bound over another
 * does not do for runc: before it starts a container it looks at itself through an overlay of its
 * folder, which shows no binds.
 * @param built folders of the two groups
 */
export async function machinePrograms(
  settings: SandboxSettings,
  { engine, services }: { readonly engine: string; readonly services: string },
): Promise<string> {
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
