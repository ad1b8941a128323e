// Removes images on a host, by their names and never by force.
import { digestIn } from "../../model/image-name.ts";
import { quote } from "../../model/shell-text.ts";
import type { FoundImage } from "./look.ts";

/** What became of one image. */
export interface Removal {
  readonly id: string;
  /** Why it stayed; undefined when it is gone. */
  readonly problem: string | undefined;
}

/**
 * Prints a line for each image. One that a container uses by now stays: the engine, too, refuses to
 * take the last name from it, but would take all names before.
 */
export function removeScript(images: readonly FoundImage[]): string {
  const calls = images.map(({ id, names }) => {
    const digests = names.flatMap((name) => digestIn(name) ?? []);
    return `remove ${quote([id, ...new Set(digests)].join(" "))} ${names.map(quote).join(" ")}\n`;
  });
  return `set -eu
containers=$(docker container ls --all --quiet --no-trunc)
used=
[ -z "$containers" ] ||
  used=$(docker container inspect --format '{{.Image}} {{.Config.Image}}' $containers)
remove() {
  marks=$1 id=\${1%% *}
  shift
  for mark in $marks; do
    case $used in *"$mark"*) echo "stayed $id a container uses it by now"; return ;; esac
  done
  # The last tag of an image may take its digest along, which then is no name of anything.
  if said=$(docker image rm "$@" 2>&1 </dev/null); then echo "removed $id"; return; fi
  left=$(docker image inspect --format '{{.Id}}' "$id" 2>&1 </dev/null) || case $left in
    *[Nn]o\\ such\\ image*) echo "removed $id"; return ;;
  esac
  echo "stayed $id $(printf '%s' "$said" | tail -n 1)"
}
${calls.join("")}`;
}

/** Reads what the script printed. */
export function removalsIn(output: string): Removal[] {
  return output.split("\n").flatMap((line): Removal[] => {
    const [, word, id = "", problem = ""] = /^(removed|stayed) (\S+) ?(.*)$/.exec(line) ?? [];
    if (word === undefined) return [];
    return [{ id, problem: word === "removed" ? undefined : problem || "the engine refused" }];
  });
}
