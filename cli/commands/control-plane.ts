import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds what a person sees and decides of the control plane. */
export function registerControlPlane(program: Command): void {
  registerLooking(program);
  registerDeciding(program);
  registerPolicies(program);
  registerBootstrap(program);
}

function registerBootstrap(program: Command): void {
  program
    .command("control-plane")
    .description("the control plane itself")
    .command("bootstrap")
    .description(
      "set it up, or upgrade it. On the VPS: look, and make its folders. Elsewhere: deploy all hosts, and put the old parts back where the new do not answer",
    )
    .option("--offline", "do not ask the git remote for newer commits")
    .addOption(
      new JsonOption(
        async () => (await import("../control-plane/answer.ts")).bootstrapAnswerSchema,
      ),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 prepared or deployed, 1 something stands against it or failed, 3 another run has the lock of a host.",
    )
    .addHelpText(...example("npx homelab control-plane bootstrap"))
    .action(async ({ offline, json }) => {
      const { bootstrap } = await import("../control-plane/bootstrap.ts");
      process.exitCode = await bootstrap({ offline: offline === true, json: json === true });
    });
}

function registerLooking(program: Command): void {
  program
    .command("status")
    .description("how all hosts are, what is not well, and what waits for you")
    .addOption(new JsonOption(async () => (await import("../desk/answers.ts")).statusAnswerSchema))
    .addHelpText("after", "\nExit codes: 0 all is well, 2 something is not, 1 nobody can tell.")
    .addHelpText(...example("npx homelab status"))
    .action(async ({ json }) => {
      const { status } = await import("../desk/status.ts");
      process.exitCode = await status(await opened(), json === true);
    });

  program
    .command("events")
    .description("what hosts said lately, the newest last")
    .option("--host <host>", "only of this host")
    .option("--service <name>", "only about this service, gate or copying job")
    .option("--since <time>", "not older than e.g. 30m, 1h or 2d")
    .option("--limit <count>", "the newest so many, 1000 at most", "50")
    .addOption(new JsonOption(async () => (await import("../desk/answers.ts")).eventsAnswerSchema))
    .addHelpText(...example("npx homelab events --host nas --since 1h"))
    .action(async ({ host, service, since, limit, json }) => {
      const { events } = await import("../desk/events.ts");
      const { countOf, hostNamed } = await import("../arguments.ts");
      const { secondsOf } = await import("../maintenance/time.ts");
      const options = {
        ...(host === undefined ? {} : { host: hostNamed(host) }),
        ...(service === undefined ? {} : { service }),
        ...(since === undefined ? {} : { sinceSeconds: secondsOf(since) }),
        limit: countOf("--limit", limit, 1000),
        json: json === true,
      };
      process.exitCode = await events(await opened(), options);
    });

  program
    .command("incidents")
    .description("what is not well, by its causes")
    .addOption(
      new JsonOption(async () => (await import("../desk/answers.ts")).incidentsAnswerSchema),
    )
    .addHelpText(...example("npx homelab incidents"))
    .action(async ({ json }) => {
      const { incidents } = await import("../desk/lists.ts");
      process.exitCode = await incidents(await opened(), json === true);
    });

  program
    .command("actions")
    .description("what is recommended and under way, each with all that it touches")
    .option("--all", "also those that are over")
    .addOption(new JsonOption(async () => (await import("../desk/answers.ts")).actionsAnswerSchema))
    .addHelpText(...example("npx homelab actions --all"))
    .action(async ({ all, json }) => {
      const { actions } = await import("../desk/lists.ts");
      process.exitCode = await actions(await opened(), all === true, json === true);
    });
}

function registerDeciding(program: Command): void {
  program
    .command("approve <action>")
    .description("sign an action with your own ssh key, and see it through")
    .option("--key <file>", "your key. Default: $HOMELAB_DESK_KEY, or ~/.ssh/id_ed25519")
    .option("-y, --yes", "do not ask")
    .option("--no-wait", "do not wait for what becomes of it")
    .addOption(
      new JsonOption(
        async () => (await import("../desk/answers.ts")).decisionAnswerSchema,
        "needs --yes",
      ),
    )
    .addHelpText(
      "after",
      "\nThe beginning of an id is enough.\nExit codes: 0 an observation shows that it did its work, 1 it did not or nobody knows yet, 2 nothing was decided. With --no-wait: 0 the decision is kept.",
    )
    .addHelpText(...example("npx homelab approve 3f9c2a"))
    .action(async (id, { key, yes, wait, json }) => {
      const { approve } = await import("../desk/decide.ts");
      const { assertCanAsk, confirmed } = await import("../confirm.ts");
      assertCanAsk({ json: json === true, yes: yes === true });
      process.exitCode = await approve(await opened(), id, {
        key,
        confirmed: yes === true ? () => Promise.resolve(true) : confirmed,
        wait,
        json: json === true,
      });
    });

  program
    .command("reject <action>")
    .description("say that an action is not wanted; it is not recommended again for a day")
    .requiredOption("--reason <words>", "why not")
    .option("--no-wait", "do not wait until it is taken note of")
    .addOption(
      new JsonOption(async () => (await import("../desk/answers.ts")).decisionAnswerSchema),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 it is taken note of, 1 not yet, 2 nothing was decided. With --no-wait: 0 the decision is kept.",
    )
    .addHelpText(...example('npx homelab reject 3f9c2a --reason "it is being repaired"'))
    .action(async (id, { reason, wait, json }) => {
      const { reject } = await import("../desk/decide.ts");
      process.exitCode = await reject(await opened(), id, reason, { wait, json: json === true });
    });
}

function registerPolicies(program: Command): void {
  program
    .command("policies")
    .description("what may go without a person; nothing unless you sign it")
    .command("sign <file>")
    .description("sign the policies of a file with your own ssh key, in place of those before")
    .option("--key <file>", "your key. Default: $HOMELAB_DESK_KEY, or ~/.ssh/id_ed25519")
    .option("--days <count>", "for how long they are good, 366 at most", "90")
    .option("-y, --yes", "do not ask")
    .addOption(
      new JsonOption(
        async () => (await import("../desk/answers.ts")).policiesAnswerSchema,
        "needs --yes",
      ),
    )
    .addHelpText(
      "after",
      "\nA policy has a name, verbs, hosts, risks, hours and how often at most.",
    )
    .addHelpText(...example("npx homelab policies sign policies.json"))
    .action(async (file, { key, days, yes, json }) => {
      const { signPolicies } = await import("../desk/policies.ts");
      const { countOf } = await import("../arguments.ts");
      const { assertCanAsk, confirmed } = await import("../confirm.ts");
      assertCanAsk({ json: json === true, yes: yes === true });
      process.exitCode = await signPolicies(await opened(), file, {
        key,
        days: countOf("--days", days, 366),
        confirmed: yes === true ? () => Promise.resolve(true) : confirmed,
        json: json === true,
      });
    });
}

async function opened() {
  const { openDesk } = await import("../desk/vps.ts");
  return openDesk();
}
