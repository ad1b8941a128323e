import { ROOT } from "../../model/paths.ts";

/**
 * Shell functions for a host about volumes and folders:
 * `folder <volume or path>` prints its folder; fails when there is none on this machine's disk.
 * `aside <folder>` prints where to keep what is taken out of it: on the same file system, so that
 * moving is renaming, which needs no room and no time.
 * `content <folder>` prints "full" or "empty".
 * `writers <folder>` prints the running containers that may write to it, below it or above it.
 */
export const PLACE_FUNCTIONS = `folder() {
  case $1 in
  /*) [ -d "$1" ] && (cd "$1" && pwd -P) ;;
  *)
    facts=$(docker volume inspect --format '{{.Driver}} {{len .Options}} {{.Mountpoint}}' "$1" 2>/dev/null) || return 1
    case $facts in
    "local 0 "*) [ -d "\${facts#local 0 }" ] && (cd "\${facts#local 0 }" && pwd -P) ;;
    *) return 1 ;;
    esac ;;
  esac
}
device() { stat -c %d "$1"; }
aside() {
  if [ "$(device ${ROOT})" = "$(device "$1")" ]; then echo ${ROOT}/replaced; return; fi
  top=$1
  while [ "$top" != / ] && [ "$(device "$(dirname "$top")")" = "$(device "$1")" ]; do
    top=$(dirname "$top")
  done
  echo "\${top%/}/homelab-replaced"
}
content() { [ -n "$(cd "$1" && find . -mindepth 1 -maxdepth 1 ! -name homelab-replaced -print -quit)" ] && echo full || echo empty; }
writers() {
  docker ps --quiet --no-trunc | xargs -r docker container inspect --format \\
    '{{$c := .}}{{range .Mounts}}{{if .RW}}{{slice $c.Name 1}} {{.Source}}{{println}}{{end}}{{end}}' 2>/dev/null |
    while read -r name source; do
      [ -n "$source" ] || continue
      source=$(readlink -f "$source")
      case $1/ in "$source"/*) echo "$name" ;; esac
      case $source/ in "$1"/*) echo "$name" ;; esac
    done | sort -u
}
`;
