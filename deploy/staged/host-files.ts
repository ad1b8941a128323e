// Reads and writes small files on a host, each whole or not at all.
import { runOnHost, type ScriptResult } from "../../hosts/remote-shell.ts";
import { HostError } from "../../model/errors.ts";
import { quote } from "../../model/shell-text.ts";

/** Runs a script as root of one host; ends with an error when the host cannot be reached. */
export type HostShell = (script: string) => Promise<ScriptResult>;

/** Time for a few small files. */
const SECONDS = 60;

/** The shell of a host that is reached by ssh. */
export function shellOf(host: string): HostShell {
  return (script) => runOnHost(host, script, SECONDS);
}

/** Runs a script that must succeed. */
export async function runThere(host: string, shell: HostShell, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await shell(script);
  if (exitCode === 0) return stdout;
  const said = stderr.split("\n").at(-1) || `exit code ${exitCode}`;
  throw new HostError(
    "HL-DEPLOY-STATE",
    host,
    `the state of the deployment could not be kept there (${said}); look at \`ssh ${host} df -h\`, mend it, then repeat with --resume`,
    exitCode,
  );
}

/** Puts what follows beside a file. Others may pass through the folders, and read no file. */
const BESIDE = `beside() {
  (umask 022 && mkdir -p "\${1%/*}")
  base64 -d > "$1.new"
}
`;

/**
 * A script that removes files and then writes others, each whole or not at all: all under other
 * names, onto the disk, then renamed.
 * @param files path to content
 */
export function writeScript(
  files: ReadonlyMap<string, string>,
  removed: readonly string[] = [],
): string {
  const paths = [...files.keys()].map(quote);
  const beside = [...files.keys()].map((path) => quote(`${path}.new`)).join(" ");
  const folders = new Set([...files.keys()].map((path) => quote(path.replace(/\/[^/]*$/, ""))));
  const removal = removed.length === 0 ? "" : `rm -f ${removed.map(quote).join(" ")}\n`;
  if (paths.length === 0) return `set -eu\n${removal}`;
  return `set -eu
umask 077
trap ${quote(`rm -f ${beside}`)} EXIT
${BESIDE}${removal}${[...files].map(([path, text]) => `beside ${quote(path)} ${heredoc(text)}`).join("")}sync ${beside} || sync
${paths.map((path) => `mv ${path}.new ${path}\n`).join("")}sync ${[...folders].join(" ")} || sync
`;
}

/**
 * A text as a command's standard input. No line of base64 is this word.
 * @param rest of the command's line. @default none
 */
export function heredoc(text: string, rest = ""): string {
  return `<<'!'${rest}\n${Buffer.from(text).toString("base64")}\n!\n`;
}

/** A script that prints "name base64" of each file of a folder; nothing where there is no folder. */
export function readScript(folder: string, newest = 1000): string {
  return `cd ${quote(folder)} 2>/dev/null || exit 0
ls -1 | sort -r | head -n ${newest} | while read -r name; do
  [ ! -f "$name" ] || printf '%s %s\\n' "$name" "$(base64 < "$name" | tr -d '\\n')"
done
`;
}

/** The files that such a script printed: name to content. */
export function filesIn(output: string): Map<string, string> {
  const lines = output.split("\n").flatMap((line): [string, string][] => {
    const [name, encoded = ""] = line.split(" ");
    return name ? [[name, Buffer.from(encoded, "base64").toString()]] : [];
  });
  return new Map(lines);
}
