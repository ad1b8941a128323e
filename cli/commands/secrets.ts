import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab secrets …`. No command ever prints a value. */
export function registerSecrets(program: Command): void {
  const secrets = program
    .command("secrets")
    .description("make, list and rotate the secrets in the stacks' encrypted config");

  secrets
    .command("init [hosts...]")
    .description("make the stacks and secrets that are missing; say what a person must supply")
    .addOption(new JsonOption(async () => (await import("../secrets/answers.ts")).initAnswerSchema))
    .addHelpText(...example("npx homelab secrets init"))
    .action(async (hosts, options) => {
      const { initSecrets } = await import("../secrets/init.ts");
      await initSecrets(hosts, options.json === true);
    });

  secrets
    .command("list [hosts...]")
    .description("names, where they are used, whether they are there")
    .addOption(
      new JsonOption(async () => (await import("../secrets/answers.ts")).secretsAnswerSchema),
    )
    .addHelpText(...example("npx homelab secrets list nas"))
    .action(async (hosts, options) => {
      const { listSecrets } = await import("../secrets/list.ts");
      await listSecrets(hosts, options.json === true);
    });

  secrets
    .command("rotate <secret>")
    .description("a new value in every stack that shares it; says what to do then")
    .option(
      "--force",
      "also where a deployment alone does not bring the new value in; without it, you are told why",
    )
    .addOption(
      new JsonOption(async () => (await import("../secrets/answers.ts")).rotateAnswerSchema),
    )
    .addHelpText(...example("npx homelab secrets rotate grafana-admin-password"))
    .action(async (name, options) => {
      const { rotateSecret } = await import("../secrets/rotate.ts");
      await rotateSecret(name, { force: options.force === true, json: options.json === true });
    });
}
