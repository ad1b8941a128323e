// Puts a decision on the VPS: whole, once, and as the Executor's own file.
import { posix } from "node:path";
import { quote } from "../../model/shell-text.ts";

/** Exit code of the script when somebody has decided before. */
export const DECIDED_BEFORE = 3;

/**
 * Writes a file that is linked to its name only when all of it is on the disk: of many who do so at
 * the same moment one does, and nobody reads half of it.
 * @param path below the root, e.g. "decisions/<id>.json"
 */
export function decisionScript(root: string, path: string, text: string): string {
  const file = quote(posix.basename(path));
  return `${draftScript(root, path, text)}ln -T "$draft" ${file} 2>/dev/null || {
  [ ! -e ${file} ] || exit ${DECIDED_BEFORE}
  ln -T "$draft" ${file}
}
sync .
`;
}

/** Writes a file whole or not at all, in the place of the one before. @param path below the root */
export function replaceScript(root: string, path: string, text: string): string {
  return `${draftScript(root, path, text)}mv -T "$draft" ${quote(posix.basename(path))}
sync .
`;
}

function draftScript(root: string, path: string, text: string): string {
  const [folder, name] = [posix.dirname(path), posix.basename(path)];
  return `set -eu
umask 027
cd ${quote(`${root}/${folder}`)}
draft=$(mktemp ${quote(`./.${name}.XXXXXX`)})
trap 'rm -f "$draft"' EXIT
printf '%s' ${quote(text)} >"$draft"
chmod 640 "$draft"
sync "$draft"
`;
}
