import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { runScript } from "../../hosts/ssh.ts";
import type { Host } from "../core/host.ts";
import { scriptCommand } from "../core/script-command.ts";
import { guardScript, type GuardSettings } from "./data-guard-script.ts";

/**
 * Stands between what runs on a host and what shall run there, before the host plan and so before
 * every container: a service whose image changes has a copy of its data first, and none goes where
 * its data cannot be opened. One step for the whole host, so that a refusal comes before anything was
 * stopped. Its script names the images of those that keep data and what is known of their versions,
 * and nothing else; as long as these stay, it shows no change.
 */
export function guardData(
  name: string,
  host: Host,
  settings: GuardSettings,
): command.local.Command {
  if (pulumi.runtime.isDryRun()) warnAboutData(host);
  return scriptCommand(
    name,
    // Shown while it runs is what it does. The error quotes what it complains of.
    { run: runScript(host.alias), script: guardScript(settings), logging: "stdout" },
    { parent: host },
  );
}

/** What a preview says: who would be refused, and whose data is copied first. */
export function dataWarnings({
  alias,
  observation,
}: Pick<Host, "alias" | "observation">): string[] {
  const refused = observation.data.filter(({ verdict }) => verdict === "refused");
  if (refused.length > 0) {
    return [
      `\`pulumi up\` will be refused, and touch no container of ${alias}:`,
      ...refused.map(({ words }) => `  ${words}.`),
    ];
  }
  return observation.data.map(({ service, words }) =>
    words === ""
      ? `the image of ${service} changes without a copy of its data, as homelab:withoutCopy says`
      : `before the image of ${service} changes, \`pulumi up\` sees to a copy of its data (${words.replaceAll(" ", ", ")})`,
  );
}

function warnAboutData(host: Host): void {
  const lines = dataWarnings(host);
  if (lines.length > 0) pulumi.log.warn(lines.join("\n"), host).catch(() => undefined);
}
