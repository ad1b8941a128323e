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

/** The shell of a host that logs in anew for each script: what it says is so of the way there now. */
export function shellAnew(host: string): HostShell {
  return (script) => runOnHost(host, script, SECONDS, { anew: true });
}

/** What a person does when a script failed, as it stands in the error. */
export interface OnFailure {
  /** What is done to the state there. @default "kept" */
  readonly what?: "kept" | "read" | "changed";
  /** The command to type once that is mended. @default the same again */
  readonly again?: string;
}

/**
 * Runs a script that must succeed.
 * @throws HostError HL-DEPLOY-STATE when it does not, HL-UNREACHABLE, HL-HOST-SLOW
 */
export async function runThere(
  host: string,
  shell: HostShell,
  script: string,
  { what = "kept", again }: OnFailure = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await shell(script);
  if (exitCode === 0) return stdout;
  const said = stderr.split("\n").at(-1) || `exit code ${exitCode}`;
  const then = again === undefined ? "repeat the command" : `\`${again}\``;
  const mend = FULL.test(said)
    ? `make room there (\`ssh ${host} 'df -h; df -i'\`: a disk is full when either is)`
    : `look at \`ssh ${host} df -h\`, mend it`;
  throw new HostError(
    "HL-DEPLOY-STATE",
    host,
    `the state of the deployment could not be ${what} there (${said}); ${mend}, then ${then}`,
    exitCode,
  );
}

/** The words of a full disk, as the programs of `IN_ENGLISH` say them. */
const FULL = /no space left on device|disk quota exceeded/i;

/** Line of a script whose programs say in English what is wrong, whatever the host speaks. */
export const IN_ENGLISH = "export LC_ALL=C\n";

/**
 * Shell function that writes its standard input, which is base64, to `<path>.new`; where it cannot,
 * it names the path and the reason, and ends the script.
 */
export const PUT = `put() {
  said=$(base64 -d 2>&1 > "$1.new") || { echo "$1: \${said%%"$LINE_END"*}" >&2; exit 1; }
}
LINE_END='
'
`;

/**
 * A script that removes files and writes others, each whole or not at all: all under other names,
 * onto the disk, then renamed. Nothing is removed before everything is written: on a full disk
 * everything stays as it was. Others may pass through the folders, and read no file.
 * @param files path to content
 */
export function writeScript(
  files: ReadonlyMap<string, string>,
  removed: readonly string[] = [],
): string {
  const removal = removed.length === 0 ? "" : `rm -f ${removed.map(quote).join(" ")}\n`;
  if (files.size === 0) return `set -eu\n${removal}`;
  const paths = [...files.keys()];
  const beside = (path: string): string => quote(`${path}.new`);
  const all = paths.map(beside).join(" ");
  const folders = [...new Set(paths.map((path) => quote(path.replace(/\/[^/]*$/, ""))))].join(" ");
  const writes = [...files].map(([path, text]) => `put ${quote(path)} ${heredoc(text)}`);
  return `set -eu
${IN_ENGLISH}${PUT}umask 022
mkdir -p ${folders}
umask 077
trap ${quote(`rm -f ${all}`)} EXIT
${writes.join("")}sync ${all}
${removal}${paths.map((path) => `mv ${beside(path)} ${quote(path)}\n`).join("")}trap - EXIT
sync ${folders}
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
