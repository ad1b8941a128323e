// What the homelab's program is measured beside.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { runPulumi } from "../workspace/pulumi-events.ts";

/** An empty program with the same runtime and options as the homelab's. */
export interface EmptyProgram {
  /** Environment in which `pulumi` uses it; its stack is "empty". */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Makes a Pulumi project, with a state of its own, whose program is bench/empty-program. */
export async function makeEmptyProgram(
  env: Readonly<Record<string, string>>,
  projectText: string,
): Promise<EmptyProgram> {
  const folder = await mkdtemp(join(tmpdir(), "homelab-bench-"));
  const main = join(import.meta.dirname, "empty-program", "program.mjs");
  const project = parse(projectText) as Record<string, unknown>;
  const paths = { project: join(folder, "project"), state: join(folder, "state") };
  await Promise.all(Object.values(paths).map((path) => mkdir(path)));
  const text = stringify({ ...project, name: "empty", main, config: {} });
  await writeFile(join(paths.project, "Pulumi.yaml"), text);
  const own = {
    ...env,
    PULUMI_OPTION_CWD: paths.project,
    PULUMI_BACKEND_URL: `file://${paths.state}`,
  };
  await runPulumi(own, ["stack", "init", "empty"]);
  await runPulumi(own, ["up", "--yes", "--skip-preview", "--stack", "empty"]);
  return { env: own, remove: () => rm(folder, { recursive: true, force: true }) };
}
