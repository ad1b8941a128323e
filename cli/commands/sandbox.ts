import type { Command } from "commander";

/** Adds `homelab sandbox …`: three real machines on this one, for trying and for tests. */
export function registerSandbox(program: Command): void {
  program.command("sandbox").description("three real machines on this one");
}
