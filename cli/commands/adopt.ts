import type { Command } from "commander";
export function registerAdopt(_program: Command): void {}
