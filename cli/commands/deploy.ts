import { Option, type Command } from "commander";
import { ROOT } from "../../model/paths.ts";

interface DeployFlags {
  readonly resume?: boolean;
  readonly only?: string;
  readonly offline?: boolean;
  readonly root: string;
  readonly json?: boolean;
}

/** Adds `homelab deploy`, `history` and `unlock`. */
export function registerDeploy(program: Command): void {
  program
    .command("deploy [hosts...]")
    .description("deploy in stages: prepare, validate, deploy, verify, complete; can be resumed")
    .option("--resume", "go on at the first stage that the last run did not complete")
    .option(
      "--only <stack>",
      "only the services of a stack, e.g. git; what they need must be there",
    )
    .option("--offline", "do not ask the git remote for newer commits")
    .addOption(rootOption())
    .option("--json", "for programs (docs/deploy.md)")
    .addHelpText(
      "after",
      "\nExit codes: 0 deployed, 1 a host failed, 3 another run has the lock of a host.\nNeeds what plain `pulumi up` needs, which stays as good a way.",
    )
    .action(async (hosts: string[], flags: DeployFlags) => {
      const { deploy } = await import("../deploy/deploy.ts");
      process.exitCode = await deploy(hosts, {
        resume: flags.resume === true,
        only: flags.only ?? null,
        offline: flags.offline === true,
        root: flags.root,
        json: flags.json === true,
      });
    });

  program
    .command("history [hosts...]")
    .description("what was deployed on each host, newest first")
    .addOption(rootOption())
    .option("--json", "for programs (docs/deploy.md)")
    .action(async (hosts: string[], flags: { root: string; json?: boolean }) => {
      const { history } = await import("../history/history.ts");
      process.exitCode = await history(hosts, flags.root, flags.json === true);
    });

  program
    .command("unlock <host>")
    .description("take away the lock of a deployment whose computer is gone for good")
    .addOption(rootOption())
    .option("-y, --yes", "do not ask")
    .action(async (host: string, flags: { root: string; yes?: boolean }) => {
      const { unlock } = await import("../deploy/unlock.ts");
      process.exitCode = await unlock(host, flags.root, flags.yes === true);
    });
}

function rootOption(): Option {
  const about = "folder on the hosts below which state and logs of deployments are kept";
  return new Option("--root <folder>", about).default(ROOT);
}
