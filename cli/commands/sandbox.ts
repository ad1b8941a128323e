import { execa } from "execa";
import type { Command } from "commander";
import { UserError } from "../../model/errors.ts";
import { machineNamed } from "../../sandbox/addresses.ts";
import { down } from "../../sandbox/down.ts";
import { cutPower, untilReady } from "../../sandbox/machine.ts";
import { setLink } from "../../sandbox/network.ts";
import { step } from "../../sandbox/reporter.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { shellQuoted, sshArgv } from "../../sandbox/ssh.ts";
import { requireRoot, up } from "../../sandbox/up.ts";
import { printingReporter } from "../progress.ts";

const progress = printingReporter((line) => process.stderr.write(`${line}\n`));

/** Adds `homelab sandbox …`: three real machines on this one, for trying and for tests. */
export function registerSandbox(program: Command): void {
  // So that options after "--" and of the remote command are the remote command's.
  program.enablePositionalOptions();
  const sandbox = program
    .command("sandbox")
    .description(
      "three real machines (vps, nas, docker-vm) on this computer; needs root",
    )
    .enablePositionalOptions();

  sandbox
    .command("up")
    .description("bring the machines up; changes nothing when they are")
    .action(async () => {
      const { outdated } = await up({ reporter: progress });
      if (outdated.length > 0) {
        process.stderr.write(
          `note: an earlier version made ${outdated.join(", ")}; ` +
            `"homelab sandbox down" and "up" make them anew\n`,
        );
      }
    });

  sandbox
    .command("down")
    .description("take everything down and remove it; caches stay")
    .action(() => down({ reporter: progress }));

  sandbox
    .command("exec <machine> [command...]")
    .description("run a command on a machine: exec docker-vm -- docker ps")
    .passThroughOptions()
    .action(async (name: string, words: string[]) => {
      const command = words[0] === "--" ? words.slice(1) : words;
      const argv = sshArgv(
        sandboxSettings().folder,
        machineNamed(name),
        command.map(shellQuoted),
      );
      const [ssh = "", ...args] = argv;
      const result = await execa(ssh, args, {
        stdio: "inherit",
        reject: false,
      });
      process.exitCode = result.exitCode ?? 255;
    });

  sandbox
    .command("reboot <machine>")
    .description(
      "cut a machine's power and wait until it has booted again by itself",
    )
    .action(async (name: string) => {
      requireRoot();
      const settings = sandboxSettings();
      const machine = machineNamed(name);
      await cutPower(settings, machine);
      await step(progress, `boot ${machine}`, () =>
        untilReady(settings, machine),
      );
    });

  sandbox
    .command("link <machine> <state>")
    .description('"cut" a machine\'s network cable or "restore" it')
    .action(async (name: string, state: string) => {
      requireRoot();
      if (state !== "cut" && state !== "restore") {
        throw new UserError(
          "HL-USAGE",
          `the state is "${state}"; it must be "cut" or "restore"`,
        );
      }
      await setLink(sandboxSettings(), machineNamed(name), state);
    });
}
