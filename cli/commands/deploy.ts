import { Option, type Command } from "@commander-js/extra-typings";
import { ROOT } from "../../model/paths.ts";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab deploy`, and what is about its deployments. */
export function registerDeploy(program: Command): void {
  program
    .command("deploy [hosts...]")
    .description("deploy in stages: prepare, validate, deploy, verify, complete; can be resumed")
    .option("--full", "run every stage, also where nothing is to be done")
    .option("--resume", "go on at the first stage that the last run did not complete")
    .option(
      "--only <stack>",
      "only the services of a stack, e.g. git; what they need must be there",
    )
    .option("--offline", "do not ask the git remote for newer commits")
    .option(
      "--after-outage",
      "deploy nothing: bring back what is down, through the hosts' boot orchestrators",
    )
    .option(
      "--rollback-on-failure",
      "put back, as the last good deployment had them, services that become unhealthy",
    )
    .option(
      "--guard-ways-in",
      "have each host put back by itself what it is reached by, where this breaks it and does not come back",
    )
    .addOption(rootOption())
    .addOption(
      new JsonOption(
        async () => (await import("../../deploy/staged/report.ts")).deployReportSchema,
      ),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 deployed (or brought back), 1 a host failed or is away (one that is marked intermittent may be), 3 another run has the lock of a host.\nNeeds what plain `pulumi up` needs, which stays as good a way.",
    )
    .addHelpText(
      ...example(
        "npx homelab deploy nas docker-vm",
        "npx homelab deploy --resume",
        "npx homelab deploy --after-outage",
      ),
    )
    .action(async (hosts, flags) => {
      const options = {
        resume: flags.resume === true,
        full: flags.full === true,
        only: flags.only ?? null,
        offline: flags.offline === true,
        rollbackOnFailure: flags.rollbackOnFailure === true,
        guardWaysIn: flags.guardWaysIn === true,
        root: flags.root,
        json: flags.json === true,
      };
      const { deploy } = await import("../deploy/deploy.ts");
      const { afterOutage } = await import("../deploy/after-outage.ts");
      process.exitCode = await (flags.afterOutage === true ? afterOutage : deploy)(hosts, options);
    });

  program
    .command("history [hosts...]")
    .description("what was deployed on each host, newest first")
    .addOption(rootOption())
    .addOption(
      new JsonOption(async () => (await import("../history/answer.ts")).historyAnswerSchema),
    )
    .option("--diff <deployments...>", "what changes from one to another; two commits or times")
    .addHelpText(...example("npx homelab history nas"))
    .action(async (hosts, flags) => {
      const { history } = await import("../history/history.ts");
      process.exitCode = await history(hosts, { ...flags, json: flags.json === true });
    });

  program
    .command("rollback <host>")
    .description("go back to an earlier deployment of a host, and hold it there until released")
    .option(
      "--to <deployment>",
      "its commit, or when it began. Without it: the one before the last",
    )
    .addOption(rootOption())
    .option("-y, --yes", "do not ask")
    .addOption(
      new JsonOption(
        async () => (await import("../../deploy/staged/report.ts")).deployReportSchema,
        "needs --yes",
      ),
    )
    .addHelpText(
      "after",
      "\nData stays as it is. The commit and its packages have to be on this computer; no network is asked.\nExit codes as of deploy.",
    )
    .addHelpText(...example("npx homelab rollback nas --to 1a2b3c4"))
    .action(async (host, flags) => {
      const { rollbackHost } = await import("../rollback/rollback.ts");
      const [yes, json] = [flags.yes === true, flags.json === true];
      process.exitCode = await rollbackHost(host, { to: flags.to, root: flags.root, yes, json });
    });

  program
    .command("release <host>")
    .description("let a host be deployed again that is held at an earlier deployment")
    .addOption(rootOption())
    .addOption(
      new JsonOption(async () => (await import("../rollback/answer.ts")).releaseAnswerSchema),
    )
    .addHelpText(...example("npx homelab release nas"))
    .action(async (host, { root, json }) => {
      const { release } = await import("../rollback/release.ts");
      process.exitCode = await release(host, { root, json: json === true });
    });

  program
    .command("unlock <host>")
    .description(
      "take away the lock of a deployment whose computer is gone for good, and what a killed Pulumi left half written",
    )
    .addOption(rootOption())
    .option("-y, --yes", "do not ask")
    .addOption(
      new JsonOption(
        async () => (await import("../deploy/answer.ts")).unlockAnswerSchema,
        "needs --yes",
      ),
    )
    .addHelpText(...example("npx homelab unlock nas"))
    .action(async (host, { root, yes, json }) => {
      const { unlock } = await import("../deploy/unlock.ts");
      process.exitCode = await unlock(host, { root, yes: yes === true, json: json === true });
    });
}

function rootOption() {
  const about = "folder on the hosts below which state and logs of deployments are kept";
  return new Option("--root <folder>", about).default(ROOT);
}
