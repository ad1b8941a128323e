import type { FolderDeclaration } from "../../model/declaration.ts";
import { quote } from "../../model/shell-text.ts";

/** The script that makes what is missing, and says whose the others are where it is not as declared. */
export function hostFoldersScript(folders: readonly FolderDeclaration[]): string {
  const calls = folders.map(
    ({ path, owner, mode }) => `folder ${quote(path)} ${quote(owner)} ${quote(mode)}\n`,
  );
  return `folder() {
  [ -d "$1" ] || install -d -m "$3" -o "\${2%:*}" -g "\${2#*:}" "$1"
  owner=$(stat -L --format %u:%g "$1")
  [ "$owner" = "$2" ] ||
    echo "$1 on $(hostname) belongs to $owner, and who writes there is $2. It was left as it is; to change it: chown -R $2 $1" >&2
}
${calls.join("")}`;
}
