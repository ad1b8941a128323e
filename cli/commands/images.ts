import { Option, type Command } from "@commander-js/extra-typings";
import { hostWith } from "../../model/host-names.ts";
import { ROOT } from "../../model/paths.ts";
import { COOL_DOWN } from "../images/cool-down.ts";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab images …`. */
export function registerImages(program: Command): void {
  const images = program
    .command("images")
    .description("pin the images to exact bytes, see what is newer, remove old ones");

  images
    .command("lock")
    .description("ask the registries for the digests that the image lock file lacks")
    .option("--update", "ask for all images, also those that have a digest")
    .addOption(
      new JsonOption(async () => (await import("../images/lock-answer.ts")).lockAnswerSchema),
    )
    .addHelpText(
      "after",
      "\nWhat was learnt is kept when an image cannot be asked for. Exit codes: 0 done, 1 one could not.",
    )
    .addHelpText(...example("npx homelab images lock", "npx homelab images lock --update"))
    .action(async (options) => {
      const { lockImages } = await import("../images/lock.ts");
      process.exitCode = await lockImages({
        update: options.update === true,
        json: options.json === true,
      });
    });

  images
    .command("outdated [services...]")
    .description("ask the registries what is newer than what is declared")
    .addOption(coolDownOption())
    .addOption(
      new JsonOption(
        async () => (await import("../../workspace/images/outdated.ts")).outdatedReportSchema,
      ),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing newer, 2 something newer, 1 an image could not be asked for.\nChanges nothing. An unknown age waits; --cool-down 0 lets nothing wait.",
    )
    .addHelpText(
      ...example(
        "npx homelab images outdated",
        "npx homelab images outdated immich-server forgejo --cool-down 14d",
      ),
    )
    .action(async (services, options) => {
      const { outdated } = await import("../images/outdated.ts");
      process.exitCode = await outdated(services, {
        coolDown: options.coolDown,
        json: options.json === true,
      });
    });

  images
    .command("update [services...]")
    .description("declare the newest version that is old enough, and lock its digest")
    .option("--to <tag>", "this version, of one service; the only way to another major version")
    .addOption(coolDownOption())
    .option("-y, --yes", "do not ask")
    .addOption(
      new JsonOption(
        async () => (await import("../images/update-answer.ts")).updateAnswerSchema,
        "needs --yes",
      ),
    )
    .addHelpText(
      "after",
      "\nShows what changes, and asks. Writes sources and image lock file, all or nothing; deploys nothing.\nExit codes: 0 done or nothing newer, 1 a named service stays although something is newer.",
    )
    .addHelpText(
      ...example(
        "npx homelab images update forgejo",
        "npx homelab images update grafana --to 13.0.1 --cool-down 0",
      ),
    )
    .action(async (services, { to, coolDown, yes, json }) => {
      const { updateImages } = await import("../images/update.ts");
      process.exitCode = await updateImages(services, {
        to,
        coolDown,
        yes: yes === true,
        json: json === true,
      });
    });

  images
    .command("prune [hosts...]")
    .description("remove images that neither a container nor one of the last deployments needs")
    .option(
      "--keep <deployments>",
      "so many deployments keep their images, the present one too",
      "3",
    )
    .option("--dry-run", "only show what would go")
    .option("--root <folder>", "folder on the hosts with the receipts of deployments", ROOT)
    .option("-y, --yes", "do not ask")
    .addOption(
      new JsonOption(
        async () => (await import("../../deploy/images/prune-report.ts")).pruneReportSchema,
        "needs --yes or --dry-run",
      ),
    )
    .addHelpText(
      "after",
      "\nShows what would go, and asks. Images that nothing of ours ever named are left alone.\nExit codes: 0 done, 1 a host is away, or an image stayed that should have gone.",
    )
    .addHelpText(
      ...example(
        "npx homelab images prune --dry-run",
        `npx homelab images prune ${hostWith("storage")} --keep 5`,
      ),
    )
    .action(async (hosts, flags) => {
      const { pruneImages } = await import("../images/prune.ts");
      process.exitCode = await pruneImages(hosts, {
        keep: flags.keep,
        dryRun: flags.dryRun === true,
        root: flags.root,
        yes: flags.yes === true,
        json: flags.json === true,
      });
    });
}

function coolDownOption() {
  const about = "how old a version has to be, e.g. 36h or 14d";
  return new Option("--cool-down <time>", about).default(COOL_DOWN);
}
