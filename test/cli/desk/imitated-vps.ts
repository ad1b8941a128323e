// The VPS's folder on this computer, which the desk's own scripts read and write, with a clock that a
// test turns. Who runs the test stands for the user of the parts.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Desk } from "../../../cli/desk/vps.ts";
import type { Root } from "../../control-plane/imitated-root.ts";

/** A desk whose VPS is a folder, and what was asked of it. */
export interface ImitatedDesk extends Desk {
  /** Scripts that were run, the oldest first. */
  readonly scripts: string[];
}

/** The desk before a root, as a deployment leaves its folders. @param pass done each time that the desk waits */
export function deskOf(root: Root, pass: () => void = () => undefined): ImitatedDesk {
  for (const folder of ["queue", "decisions", "audit/executor", "claims", "events", "state"]) {
    mkdirSync(join(root.path, folder), { recursive: true });
  }
  // On the VPS the parts' state is a folder in the host's.
  symlinkSync(".", join(root.path, "state/control-plane"));
  const programs = mkdtempSync(join(tmpdir(), "programs-"));
  const scripts: string[] = [];
  const run = async (script: string) => {
    scripts.push(script);
    const seconds = Math.floor(root.now() / 1000);
    writeFileSync(join(programs, "date"), `#!/bin/sh\necho "now ${seconds}"\n`);
    chmodSync(join(programs, "date"), 0o755);
    return runShell(script, `${programs}:${process.env["PATH"] ?? ""}`);
  };
  const pause = (milliseconds: number) => {
    root.home.time += milliseconds / 1000;
    pass();
    return Promise.resolve();
  };
  return { run, root: root.path, now: root.now, pause, scripts };
}

function runShell(
  script: string,
  path: string,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-s"], { env: { ...process.env, PATH: path } });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    child.once("error", reject);
    child.once("close", (code) => {
      // As the shell on a host does it, the last line end is not part of it.
      resolve({ exitCode: code ?? 255, stdout: stdout.replace(/\n$/, ""), stderr });
    });
    child.stdin.end(script);
  });
}
