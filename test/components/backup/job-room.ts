// A folder that stands for a backup sidecar while its scripts run: its image's programs, its state
// and the data that it copies.
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobScript, type JobSettings } from "../../../components/backup/job-script.plan.ts";
import { BACKUP_PROGRAM } from "../../../household/backup.ts";

/** How a script ended. */
export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Seconds of a day. */
export const DAY = 24 * 3600;

/** Seconds since 1970. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** A sidecar whose crond runs, and whose restic notes its calls and saves a snapshot. */
export class JobRoom {
  readonly root = mkdtempSync(join(tmpdir(), "job-scripts-"));
  readonly state = this.#folder("state");
  readonly programs = this.#folder("bin");
  readonly data = this.#folder("data");

  constructor() {
    this.program("crond", "exit 0");
    this.program("pgrep", "exit 0");
    // A command fails as long as a file `fail-<command>` holds its output; `size` is what it copies.
    this.program(
      "restic",
      `echo "$@" >>${this.root}/calls
if [ -e ${this.root}/fail-$1 ]; then cat ${this.root}/fail-$1; exit 1; fi
if [ "$1" = backup ]; then
  [ ! -e ${this.root}/size ] || echo "processed 12 files, $(cat ${this.root}/size) in 0:03"
  echo "snapshot 1a2b3c4d saved"
fi`,
    );
  }

  /** Removes it. */
  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A program of the image, in place of the machine's own. */
  program(name: string, body: string): void {
    const file = join(this.programs, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }

  /** restic saves a snapshot without some files, and says so with code 3. */
  savesPartly(errors: string): void {
    this.program(
      "restic",
      `echo "$@" >>${this.root}/calls
[ "$1" = backup ] || exit 0
printf '%s\\n' '${errors}' 'Warning: at least one source file could not be read' 'snapshot 1a2b3c4d saved'
exit 3`,
    );
  }

  /** What restic was called with. */
  calls(): string[] {
    return readFileSync(join(this.root, "calls"), "utf8").trim().split("\n");
  }

  run(script: string, args: readonly string[] = []): Promise<Finished> {
    const file = join(this.root, "script.sh");
    writeFileSync(file, script);
    return new Promise((resolve) => {
      execFile("/bin/sh", [file, ...args], { timeout: 20_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr });
      });
    });
  }

  /** Runs the nightly job. */
  job(changes: Partial<JobSettings> = {}): Promise<Finished> {
    return this.run(
      jobScript({
        program: BACKUP_PROGRAM,
        timezone: "UTC",
        host: "app-backup",
        tag: "app",
        paths: [this.data],
        excludes: ["*.log"],
        sqlite: [],
        keep: { daily: 7, weekly: 4, monthly: 12 },
        leastPercent: 50,
        state: this.state,
        searchPath: this.#searchPath(),
        ...changes,
      }),
    );
  }

  /** What the scripts of start and health are made with. */
  healthSettings() {
    return {
      state: this.state,
      maxAgeHours: 25,
      searchPath: this.#searchPath(),
      startedFile: join(this.root, "started"),
    };
  }

  lastRun(): string {
    return readFileSync(join(this.state, "last-run"), "utf8");
  }

  lastGood(): string | undefined {
    const file = join(this.state, "last-good");
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** A state volume of the given age, whose container was started long ago. */
  volumeOfAge(seconds: number): void {
    writeFileSync(join(this.state, "since"), `${now() - seconds}\n`);
    writeFileSync(join(this.root, "started"), "0\n");
  }

  /** The result of a run that ended then. */
  ended(result: "ok" | "failed", secondsAgo: number, message: string): void {
    const finished = now() - secondsAgo;
    writeFileSync(
      join(this.state, "last-run"),
      `result=${result}\nstarted=${finished}\nfinished=${finished}\nsnapshot=\nmessage=${message}\n`,
    );
  }

  #searchPath(): string {
    return `${this.programs}:${process.env["PATH"] ?? ""}`;
  }

  #folder(name: string): string {
    const folder = join(this.root, name);
    mkdirSync(folder);
    return folder;
  }
}
