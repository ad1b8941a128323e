import type { Command } from "@commander-js/extra-typings";
import { example } from "../example.ts";
import { JsonOption } from "../json-option.ts";

/** Adds `homelab mesh …`: devices in the mesh that are none of our hosts. */
export function registerMesh(program: Command): void {
  const mesh = program.command("mesh").description("devices of the mesh: list them, invite one");

  mesh
    .command("list")
    .description("who is in the mesh, what each may do, and when it was seen")
    .addOption(new JsonOption(async () => (await import("../mesh/answers.ts")).membersAnswerSchema))
    .addHelpText(...example("npx homelab mesh list"))
    .action(async ({ json }) => {
      const { listMembers } = await import("../mesh/list.ts");
      await listMembers(json === true);
    });

  mesh
    .command("invite <device>")
    .description("make a key with which a laptop or a phone joins, and say what to type there")
    .option("--phone", "it may do what phones may, and not everything")
    .option("--for <time>", "how long the key is good, e.g. 30m, 2h or 1d", "1h")
    .addOption(
      new JsonOption(
        async () => (await import("../mesh/answers.ts")).invitationSchema,
        "the key is in it",
      ),
    )
    .addHelpText(
      "after",
      "\nThe key is good once and is kept nowhere. Our own hosts join by themselves.",
    )
    .addHelpText(
      ...example(
        "npx homelab mesh invite annas-laptop",
        "npx homelab mesh invite annas-phone --phone",
      ),
    )
    .action(async (device, flags) => {
      const { inviteDevice } = await import("../mesh/invite.ts");
      await inviteDevice(device, {
        kind: flags.phone === true ? "phone" : "computer",
        goodFor: flags.for,
        json: flags.json === true,
      });
    });
}
