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

/**
 * Measures how much of all processors' time is used from now on.
 * @returns gives the share since then, 0 to 1
 */
export function watchProcessors(): () => number {
  const before = processorTimes();
  return () => {
    const now = processorTimes();
    return (now.used - before.used) / (now.all - before.all);
  };
}

function processorTimes(): { readonly used: number; readonly all: number } {
  const times = cpus().map((processor) => processor.times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const idle = sum(times.map((time) => time.idle));
  const all = sum(times.flatMap((time) => Object.values(time)));
  return { used: all - idle, all };
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
