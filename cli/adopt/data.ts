import type { ServiceDeclaration } from "../../model/declaration.ts";
import { UserError } from "../../model/errors.ts";
import { readerOf } from "../../model/image-catalogue.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { ROOT } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import type { NamedContainer } from "./container.ts";

/** Data of the old container and where the declared service looks for it. */
export interface Copy {
  /** Volume name or absolute path on the host. */
  readonly from: string;
  readonly to: string;
}

/** What the person said about the old container's data. */
export interface DataOptions {
  /** Words of --volume, each "old=declared". */
  readonly volumes: readonly string[];
  /** Data that nothing was said about stays where it is. */
  readonly leaveData: boolean;
}

/** A place that the declared service writes to: volume name or path, and where it is mounted. */
interface Place {
  readonly source: string;
  readonly target: string;
}

/**
 * The copies that were asked for.
 * @throws UserError HL-USAGE when one names data that neither of the two has; HL-ADOPT-DATA when
 *   the declared service would start without data that the old one has at the same place
 */
export function plannedCopies(
  service: ServiceDeclaration,
  present: NamedContainer,
  options: DataOptions,
): Copy[] {
  const places = placesOf(service);
  const copies = options.volumes.map((word) => copyOf(word, service, places, present));
  const forgotten = places.flatMap(({ source, target }) => {
    const old = present.mounts.find((mount) => mount.target === target);
    const told = copies.some(({ to }) => to === source);
    return old && old.source !== source && !told ? [`--volume ${old.source}=${source}`] : [];
  });
  if (forgotten.length > 0 && !options.leaveData) {
    throw new UserError(
      "HL-ADOPT-DATA",
      `the declared "${service.name}" keeps its data elsewhere and would start without it; nothing was changed. To copy it, add ${forgotten.join(" ")}; to start empty, add --leave-data`,
    );
  }
  const lost = copies.find(({ from }) => present.removesItself && isNameless(present, from));
  if (lost) {
    throw new UserError(
      "HL-ADOPT-DATA",
      `the container was started with --rm, so the engine deletes ${lost.from} when it stops; copy it by hand first`,
    );
  }
  return copies;
}

/** User and group whose the copied files become; undefined: they stay whose they are. */
export function ownerOf(
  service: ServiceDeclaration,
  contracts: readonly ImageContract[],
): string | undefined {
  const user = service.user ?? readerOf(service.image, contracts);
  // A container that starts as root gives its files away by itself.
  return /^[1-9]\d*:\d+$/.test(user) ? user : undefined;
}

function placesOf({ mounts = [] }: ServiceDeclaration): Place[] {
  return mounts.flatMap((mount) => {
    if (mount.kind === "tmpfs" || mount.readOnly === true) return [];
    const source = mount.kind === "volume" ? mount.volume : mount.source;
    return [{ source, target: mount.target }];
  });
}

function copyOf(
  word: string,
  service: ServiceDeclaration,
  places: readonly Place[],
  present: NamedContainer,
): Copy {
  const [from = "", to = "", ...rest] = word.split("=");
  const known = (list: readonly { readonly source: string }[], source: string) =>
    list.some((entry) => entry.source === source);
  if (rest.length > 0 || !known(present.mounts, from) || !known(places, to)) {
    const names = (list: readonly { readonly source: string }[]) =>
      list.map(({ source }) => source).join(", ") || "nothing";
    throw new UserError(
      "HL-USAGE",
      `--volume takes <old>=<declared>, not "${word}"; the container has ${names(present.mounts)}, the declared "${service.name}" writes to ${names(places)}`,
    );
  }
  return { from, to };
}

function isNameless(present: NamedContainer, source: string): boolean {
  return present.mounts.some((mount) => mount.source === source && mount.nameless);
}

/**
 * A script that stops the container, copies its data, and compares both file by file; what was
 * copied from stays as it is. When anything fails, or who asked for it is gone, the container is
 * started again.
 * @param owner see ownerOf
 */
export function copyScript(
  id: string,
  graceSeconds: number,
  copies: readonly Copy[],
  owner: string | undefined,
): string {
  const calls = copies.map(({ from, to }) => `take ${quote(from)} ${quote(to)}`).join("\n");
  return `set -eu
id=${quote(id)}
marks=${ROOT}/state/copies
seen=$(mktemp -d)
back() {
  status=$?
  trap '' HUP INT TERM PIPE
  rm -rf "$seen"
  [ "$status" = 0 ] || docker start "$id" >/dev/null || echo "the container could not be started again: docker start $id" >&2
}
trap back EXIT
# The shell runs nothing at its end when a signal ends it: a client that is gone is one, too.
trap 'exit 1' HUP INT TERM PIPE
refuse() {
  echo "$1" >&2
  exit 1
}
# The folder of a volume or path; makes the one that is copied to.
folder() {
  case $1 in
  /*) [ "$2" = old ] || mkdir -p "$1"; echo "$1" ;;
  *)
    [ "$2" = old ] || docker volume create "$1" >/dev/null
    facts=$(docker volume inspect --format '{{.Driver}} {{len .Options}} {{.Mountpoint}}' "$1")
    case $facts in
    "local 0 "*) echo "\${facts#local 0 }" ;;
    *) echo "the volume $1 is not on this machine's disk; copy it by hand" >&2; return 1 ;;
    esac ;;
  esac
}
# Every name with kind, mode${owner === undefined ? " and owner" : ""}, and every file's checksum.
contents() {
  (
    cd "$1"
    find . ! -type s -printf '%y %m ${owner === undefined ? "%U:%G " : ""}%l %p\\n' | LC_ALL=C sort
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
  )
}
# Names of the running containers that may write to a volume. A backup job only reads.
writers() {
  docker ps --quiet --filter "volume=$1" | xargs -r docker inspect --format \
    "{{range .Mounts}}{{if and .RW (eq .Name \\"$1\\")}}{{slice $.Name 1}} {{end}}{{end}}" | xargs
}
take() {
  from=$(folder "$1" old)
  to=$(folder "$2" new)
  case $2 in
  /*) ;;
  *)
    busy=$(writers "$2")
    [ -z "$busy" ] || refuse "a running container writes to the volume $2; stop it first: docker stop $busy" ;;
  esac
  mark="$marks/$(echo "$2" | tr / _)"
  if [ -n "$(ls -A "$to")" ] && [ ! -e "$mark" ]; then
    contents "$from" >"$seen/from"
    contents "$to" | cmp -s - "$seen/from" && return 0
    refuse "$2 has other data in it already; move that away, or adopt with --leave-data"
  fi
  # An interrupted copy is ours to go on with.
  mkdir -p "$marks"
  : >"$mark"
  cp -a "$from/." "$to/"
  contents "$from" >"$seen/from"
  contents "$to" >"$seen/to"
  cmp -s "$seen/from" "$seen/to" || refuse "the copy of $1 differs from it"
  ${owner === undefined ? ":" : `chown -R ${owner} "$to"`}
  rm "$mark"
  echo "$1 $(find "$to" -type f | wc -l)"
}
docker stop -t ${graceSeconds} "$id" >/dev/null
# Copying may take hours; nobody would hear how it ended.
echo stopped
${calls}
`;
}
