import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execaSync } from "execa";

/** A folder that stands for a container's root while one of our scripts runs. */
export class ScriptRoom {
  readonly folder = mkdtempSync(join(tmpdir(), "script-"));

  /** Path in the room of a path in the container. */
  path(inside: string): string {
    return join(this.folder, inside);
  }

  /** Writes a file. */
  file(inside: string, text: string): void {
    mkdirSync(dirname(this.path(inside)), { recursive: true });
    writeFileSync(this.path(inside), text);
  }

  /** Puts a program first on PATH; each call leaves its arguments in /calls/<name>. */
  program(name: string, body = ""): void {
    this.file("/calls/.keep", "");
    const log = this.path(`/calls/${name}`);
    this.file(`/bin/${name}`, `#!/bin/sh\necho "$*" >>'${log}'\n${body}\n`);
    chmodSync(this.path(`/bin/${name}`), 0o755);
  }

  /**
   * Runs a script with the given paths of the container moved into the room.
   * @param moved paths, longest first, e.g. ["/run/secrets", "/etc/headscale"]
   */
  run(script: string, moved: readonly string[], args: readonly string[] = []) {
    return execaSync("sh", [this.#written(script, moved), ...args], {
      reject: false,
      env: { PATH: this.searchPath() },
    });
  }

  /** The same, with nobody there to read what the script says, as when ssh was ended. */
  runWithoutReader(script: string, moved: readonly string[]): void {
    const waits = `{ sleep 0.2; exec sh '${this.#written(script, moved)}'; } | exec true; wait`;
    execaSync("bash", ["-c", waits], { reject: false, env: { PATH: this.searchPath() } });
  }

  /** Path of the script as the room has it. */
  #written(script: string, moved: readonly string[]): string {
    const text = moved.reduce((all, path) => all.replaceAll(path, this.path(path)), script);
    this.file("/script.sh", text.replaceAll(/PATH='[^']*'/g, `PATH='${this.searchPath()}'`));
    for (const path of moved) mkdirSync(dirname(this.path(path)), { recursive: true });
    return this.path("/script.sh");
  }

  private searchPath(): string {
    return `${this.path("/bin")}:${process.env["PATH"] ?? ""}`;
  }
}
