import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { ExternalUnitDeclaration } from "../../model/declared-machine.ts";
import { filesRecord, lookScriptPath } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { lookFile, writeScript, writeToken, type HostFile } from "./host-files.ts";
import { scriptCommand } from "./script-command.ts";
import { runScript } from "../../hosts/ssh.ts";

/** Arguments of writeExternalFiles. */
export interface ExternalFilesArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  readonly unit: ExternalUnitDeclaration;
  /** Owner of the files, "uid:gid": whom the unit's installer gives its own to. */
  readonly owner: string;
  /** What the host remembers of the last write, see Observation. */
  readonly observedToken: string | undefined;
}

/**
 * Files of ours that something with an installer of its own reads. They are written where it is
 * installed and nowhere else: its installer would take folders of our making for an installation.
 * The observation notices when it is installed or removed, and the next deployment writes.
 */
export function writeExternalFiles(
  name: string,
  args: ExternalFilesArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const run = runScript(args.alias);
  const record = args.unit.name;
  const ours = [...Object.keys(args.unit.files ?? {}), filesRecord(record), lookScriptPath(record)];
  return scriptCommand(
    name,
    {
      run,
      delete: `echo ${quote(`rm -f ${ours.map(quote).join(" ")}`)} | ${run}`,
      script: externalFilesScript(args.unit, args.owner, writeToken(args.observedToken)),
    },
    opts,
  );
}

/** The script that writes a unit's files, or remembers that it is not installed. */
export function externalFilesScript(
  unit: ExternalUnitDeclaration,
  owner: string,
  token: string,
): string {
  const files = Object.entries(unit.files ?? {}).map(([path, content]): HostFile => ({
    path,
    content,
    owner,
    mode: "0644",
  }));
  const absent = lookFile(unit.name, `! { ${isInstalled(unit)}; }\n`);
  return `if ${isInstalled(unit)}; then
rm -f ${quote(absent.path)}
${writeScript(files, unit.name, token)}
else
${writeScript([absent], unit.name, token)}
fi
`;
}

/** An engine makes an empty folder for a bind mount whose source is not there. */
function isInstalled({ folder }: ExternalUnitDeclaration): string {
  return `[ -n "$(ls -A ${quote(folder)} 2>/dev/null)" ]`;
}
