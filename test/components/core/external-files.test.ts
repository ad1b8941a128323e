import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { externalFilesScript } from "../../../components/core/external-files.ts";
import { observationScript, parseObservation } from "../../../hosts/observation.ts";
import type { ExternalUnitDeclaration } from "../../../model/declared-machine.ts";
import { ScriptRoom } from "../../support/script.ts";

/** A host on which a deployment writes the unit's files. */
class Machine {
  readonly #room = new ScriptRoom();
  readonly #routes = this.#room.path("/data/unit/dynamic/homelab.yaml");
  // Its paths are in the room already: what is written is packed, and nothing could be moved there.
  readonly #unit: ExternalUnitDeclaration = {
    name: "unit",
    folder: this.#room.path("/data/unit/source"),
    start: ["true"],
    health: ["true"],
    networks: [],
    usedBy: {},
    files: { [this.#routes]: "http: {}\n" },
  };

  constructor() {
    this.#room.program("chown");
    this.#room.program("docker");
    mkdirSync(this.#room.path("/opt/homelab"), { recursive: true });
  }

  install(): void {
    this.#room.file("/data/unit/source/.env", "KEY=1\n");
  }

  uninstall(): void {
    rmSync(this.#room.path("/data/unit"), { recursive: true });
  }

  deploy(token: string): void {
    const script = externalFilesScript(this.#unit, "9999:0", token);
    const run = this.#room.run(script, ["/opt/homelab"]);
    expect(run.stderr).toBe("");
    expect(run.exitCode).toBe(0);
  }

  /** What the next preview is told of the last write. */
  observed(): string | undefined {
    const { stdout } = this.#room.run(observationScript([]), ["/opt/homelab"]);
    return parseObservation(stdout).files["unit"];
  }

  routes(): string | undefined {
    return existsSync(this.#routes) ? readFileSync(this.#routes, "utf8") : undefined;
  }

  hasFolder(): boolean {
    return existsSync(this.#room.path("/data/unit/dynamic"));
  }
}

describe("files for a program with an installer of its own", () => {
  it("are not written where it is not installed, and the next preview has nothing to say", () => {
    const machine = new Machine();
    machine.deploy("one");
    expect(machine.hasFolder()).toBe(false);
    expect(machine.observed()).toBe("one");
  });

  it("are written by the deployment after it was installed", () => {
    const machine = new Machine();
    machine.deploy("one");
    machine.install();
    expect(machine.observed()).toBeUndefined();
    machine.deploy("two");
    expect(machine.routes()).toBe("http: {}\n");
    expect(machine.observed()).toBe("two");
  });

  it("are noticed when they go with it, and not made again in its place", () => {
    const machine = new Machine();
    machine.install();
    machine.deploy("one");
    machine.uninstall();
    expect(machine.observed()).toBeUndefined();
    machine.deploy("two");
    expect(machine.hasFolder()).toBe(false);
    expect(machine.observed()).toBe("two");
  });
});
