// What a run has to name so that its numbers mean something.
import { cpus, loadavg, release, totalmem } from "node:os";
import { execa } from "execa";
import { onDockerVm, type Lab } from "./lab.ts";
import type { Machine } from "./results.ts";

/** This computer, as it is now. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? "unknown",
    memoryGiB: totalmem() / 1024 ** 3,
    loadBefore: loadavg()[0] ?? 0,
    kernel: release(),
  };
}

/** Versions of what is measured. */
export async function versionsOf(lab: Lab, compose: string): Promise<Record<string, string>> {
  const engine = await onDockerVm(lab.settings, "docker version --format '{{.Server.Version}}'");
  const pulumi = await execa("pulumi", ["version"], { env: lab.env });
  return {
    Pulumi: pulumi.stdout.trim().replace(/^v/, ""),
    "Docker Compose": compose.replace(/^v/, ""),
    "Docker Engine": engine,
    "Node.js": process.versions.node,
  };
}

/** Short id of the commit, with "and changes" when the checkout differs from it. */
export async function commitOf(checkout: string): Promise<string> {
  const git = (...args: string[]) => execa("git", args, { cwd: checkout, reject: false });
  const { stdout: commit } = await git("rev-parse", "--short", "HEAD");
  const { stdout: changes } = await git("status", "--porcelain", "--untracked-files=no");
  return `${commit || "unknown"}${changes === "" ? "" : " and changes"}`;
}
