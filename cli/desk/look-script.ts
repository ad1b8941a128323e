// What is read on the VPS: its files, bounded in number and size, each line with its path in front.
import { quote } from "../../model/shell-text.ts";

/** A world of a thousand services is less than half of this. */
const LARGEST_WORLD = 4 * 1024 ** 2;
const LARGEST_ACTION = 64 * 1024;
/** Those that changed last. What is older than so many others is over. */
const MOST_ACTIONS = 400;
/** Lines of the log that are looked through, and passed on, at most. */
const LOOKED_BYTES = 32 * 1024 ** 2;
const PASSED_ON_BYTES = 4 * 1024 ** 2;

/** What begins, and ends, what is passed on. */
const BEGIN = (root: string): string => `set -u
export LC_ALL=C
cd ${quote(root)} || exit 1
[ -d world ] || { echo absent; exit 0; }
date '+now %s'
# Prints the paths of files whose names are as they should be, the newest first.
files() {
  find "$1" -maxdepth 1 -type f -regextype posix-extended -regex "$2" -size "-$3c" -printf '%T@ %p\\n' |
    sort -rn | head -n "$4" | cut -d ' ' -f 2
}
show() { xargs -r grep -aH "$@"; }
`;
/** Without it somebody was cut off. */
const END = "echo end\n";

const ID = "[0-9a-f]{32}";

/** Prints everything that a person decides by. It changes nothing. @param root on the VPS */
export function lookScript(root: string): string {
  return `${BEGIN(root)}ls state/control-plane/ >/dev/null || exit 1
files state/control-plane/ '.*/(supervisor|observer_health)[.]json' ${LARGEST_WORLD} 2 | show ''
files world/ '.*/[a-z0-9-]{1,63}[.]json' ${LARGEST_WORLD} 32 | show ''
files queue/ '.*/${ID}[.]json' ${LARGEST_ACTION} ${MOST_ACTIONS} | show ''
files decisions/ '.*/${ID}[.]json' ${LARGEST_ACTION} ${MOST_ACTIONS} | show ''
${END}`;
}

/** Prints how far one action is. It changes nothing. @param id of the action */
export function followScript(root: string, id: string): string {
  return `${BEGIN(root)}files queue/ '.*/${id}[.]json' ${LARGEST_ACTION} 1 | show ''
files decisions/ '.*/${id}[.]json' ${LARGEST_ACTION} 1 | show ''
if [ -d decisions/refused ]; then
  files decisions/refused/ '.*/${id}-[0-9]+[.]json' ${LARGEST_ACTION} 20 | show -m 1 ''
fi
files audit/executor/ '.*/[0-9]{4}-[0-9]{2}-[0-9]{2}[.]jsonl' ${LOOKED_BYTES} 2 | sort | show -e '"action":"${id}"' | tail -n 50
${END}`;
}

/**
 * Prints the newest lines of the log, without signs of life and full looks, which say nothing of
 * what happened. It changes nothing.
 */
export function eventsScript(root: string): string {
  return `${BEGIN(root)}find events/ -mindepth 2 -maxdepth 2 -type f -regextype posix-extended \\
  -regex 'events/[0-9]{4,6}-[0-9]{2}-[0-9]{2}/[0-9]{12}(-[0-9]{1,4})?[.]jsonl' -printf '%f %s %p\\n' |
  sort -r | awk '{ total += $2; print $3; if (total > ${LOOKED_BYTES}) exit }' | tac |
  xargs -r grep -ahv -e '"happening":{"kind":"alive"}' -e '"happening":{"kind":"look"' |
  tail -c ${PASSED_ON_BYTES} | sed 's/^/events:/'
${END}`;
}
