import { execa } from "execa";
import type { Command } from "@commander-js/extra-typings";
import { MACHINES, machineNamed } from "../../sandbox/addresses.ts";
import { deploy } from "../../sandbox/deploy.ts";
import { down } from "../../sandbox/down.ts";
import { cutPower, untilReady } from "../../sandbox/machine.ts";
import { setExports } from "../../sandbox/mounts.ts";
import { setLink } from "../../sandbox/network.ts";
import { status, statusText } from "../../sandbox/status.ts";
import { shellExports } from "../../sandbox/shell-environment.ts";
import { step } from "../../sandbox/reporter.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { shellQuoted, sshArgv } from "../../sandbox/ssh.ts";
import { requireRoot, setPower, up } from "../../sandbox/up.ts";
import { oneOf } from "../arguments.ts";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";
import { note, print, printJson } from "../output.ts";
import { printingReporter } from "../progress.ts";
import { sandboxStatusSchema } from "../sandbox/answer.ts";

const progress = printingReporter(note);

const WHAT_NEXT = `What to try next:
  eval "$(npx homelab sandbox env)"     plain pulumi then works on the sandbox:
  pulumi preview -s docker-vm           nothing to change
  npx homelab sandbox exec docker-vm -- docker ps
  npx homelab sandbox exec docker-vm -- docker stop jellyfin
  pulumi preview -s docker-vm           names what drifted; pulumi up -s docker-vm mends it
  npx homelab sandbox reboot docker-vm  cuts its power; it boots again by itself
  npx homelab sandbox down              takes everything away
`;

/** Adds `homelab sandbox …`: a real machine for each host on this one, for trying and for tests. */
export function registerSandbox(program: Command): void {
  // So that options after "--" and of the remote command are the remote command's.
  program.enablePositionalOptions();
  const sandbox = program
    .command("sandbox")
    .description(`real machines (${MACHINES.join(", ")}) on this computer; needs root`)
    .enablePositionalOptions();

  sandbox
    .command("up")
    .description("bring the machines up; changes nothing when they are")
    .option("--no-images", "leave the registry as it is")
    .option("--deploy", "then run pulumi up for every stack, and say what runs where")
    .addHelpText(...example("npx homelab sandbox up --deploy"))
    .action(async (options) => {
      const { outdated } = await up({
        reporter: progress,
        images: options.images,
        ownProcess: true,
      });
      if (outdated.length > 0) {
        note(
          `note: an earlier version made ${outdated.join(", ")}; ` +
            `"homelab sandbox down" and "up" make them anew`,
        );
      }
      if (options.deploy !== true) return;
      await deploy(print);
      print(`${statusText(await status())}\n\n${WHAT_NEXT}`);
    });

  sandbox
    .command("down")
    .description("take everything down and remove it; caches stay")
    .addHelpText(...example("npx homelab sandbox down"))
    .action(() => down({ reporter: progress }));

  sandbox
    .command("status")
    .description("say how the machines, their engines and the registry are")
    .addOption(new JsonOption(() => Promise.resolve(sandboxStatusSchema)))
    .addHelpText(...example("npx homelab sandbox status"))
    .action(async (options) => {
      requireRoot();
      const found = await status();
      if (options.json === true) printJson(sandboxStatusSchema, found);
      else print(statusText(found));
    });

  sandbox
    .command("env")
    .description('print shell exports for plain pulumi: eval "$(npx homelab sandbox env)"')
    .addHelpText(...example('eval "$(npx homelab sandbox env)"'))
    .action(async () => {
      requireRoot();
      print(await shellExports(sandboxSettings()));
    });

  sandbox
    .command("exec <machine> [command...]")
    .description("run a command on a machine: exec docker-vm -- docker ps")
    .passThroughOptions()
    .addHelpText(...example("npx homelab sandbox exec docker-vm -- docker ps"))
    .action(async (name, words) => {
      requireRoot();
      const command = words[0] === "--" ? words.slice(1) : words;
      const argv = sshArgv(sandboxSettings().folder, machineNamed(name), command.map(shellQuoted));
      const [ssh = "", ...args] = argv;
      const result = await execa(ssh, args, {
        stdio: "inherit",
        reject: false,
      });
      process.exitCode = result.exitCode ?? 255;
    });

  sandbox
    .command("reboot <machine>")
    .description("cut a machine's power and wait until it has booted again by itself")
    .addHelpText(...example("npx homelab sandbox reboot docker-vm"))
    .action(async (name) => {
      requireRoot();
      const settings = sandboxSettings();
      const machine = machineNamed(name);
      await cutPower(settings, machine);
      await step(progress, `boot ${machine}`, () => untilReady(settings, machine));
    });

  sandbox
    .command("power <machine> <state>")
    .description(
      'switch a machine, or the "registry", "off" or "on"; it stays so until told otherwise',
    )
    .addHelpText(...example("npx homelab sandbox power nas off"))
    .action(async (name, state) => {
      requireRoot();
      const off = oneOf("state", state, ["off", "on"]) === "off";
      const part = name === "registry" ? "registry" : machineNamed(name);
      await setPower(sandboxSettings(), part, off ? "off" : "on");
    });

  sandbox
    .command("mounts <state>")
    .description('how the NAS treats the Docker VM\'s mounts: "served", "absent" or "stale"')
    .addHelpText(...example("npx homelab sandbox mounts stale"))
    .action(async (state) => {
      requireRoot();
      await setExports(sandboxSettings(), oneOf("state", state, ["served", "absent", "stale"]));
    });

  sandbox
    .command("link <machine> <state>")
    .description('"cut" a machine\'s network cable or "restore" it')
    .addHelpText(...example("npx homelab sandbox link vps cut"))
    .action(async (name, state) => {
      requireRoot();
      await setLink(
        sandboxSettings(),
        machineNamed(name),
        oneOf("state", state, ["cut", "restore"]),
      );
    });
}
