#!/usr/bin/env bash
# Builds the groups of programs named as arguments, where they are missing, and prints one
# bin folder per group on stdout. Progress goes to stderr. Safe to run twice, at once, and again
# after it was killed: one lock per group, finished programs are kept, the folder appears whole.
#
#   toolchain/build.sh pulumi engine services
#
# Each group is a folder here with a recipe.sh that defines:
#   packages        names of the Debian packages that must be there to build (one per line)
#   official        lines "<program> <path>": programs of this machine to use as they are
#   build <dest>    builds every program that is not in <dest> yet
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOOLCHAIN_CACHE=${HOMELAB_CACHE:-$HOME/.cache/homelab}/toolchain

say() { echo "toolchain: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# with_progress <name> <command...>: runs it with its output in a log, and says every 15 s how long
# it has taken. When it fails, its last lines and the log's place are said. The command and the clock
# are process groups of their own (set -m), so that each can be ended whole.
with_progress() {
  local name=$1 started=$SECONDS status=0 log=$TOOLCHAIN_CACHE/.log/$group-${1// /-}.log
  shift
  mkdir -p "${log%/*}"
  say "$group: $name: building"
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  local command=$!
  (while sleep 15; do say "$group: $name: $((SECONDS - started)) s"; done) >/dev/null </dev/null &
  local clock=$!
  set +m
  trap 'kill -- -$command -$clock 2>/dev/null; exit 143' INT TERM HUP
  wait "$command" || status=$?
  kill -- "-$clock" 2>/dev/null || true
  wait "$clock" 2>/dev/null || true
  trap - INT TERM HUP
  ((status == 0)) || {
    tail -n 12 "$log" >&2
    fail "$group: $name failed after $((SECONDS - started)) s; the whole log: $log"
  }
  say "$group: $name: done in $((SECONDS - started)) s"
}

# The hash of what makes the group: its files (not tests or texts), the shared steps, the Go
# release, and which of this machine's own programs it takes.
key_of() {
  {
    (cd "$here" && find "$group" go-build.sh -type f ! -name '*_test.go' ! -name '*.md' -print0 |
      LC_ALL=C sort -z | xargs -0 sha256sum)
    go env GOVERSION GOOS GOARCH
    echo "$official_programs"
  } | sha256sum | cut -c1-16
}

need_packages() {
  local missing=() name
  while read -r name; do
    [[ -z $name ]] && continue
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done < <(packages)
  ((${#missing[@]} == 0)) ||
    fail "$group needs Debian packages that are not installed: apt-get install ${missing[*]}"
}

build_group() {
  local key final partial program path
  # A recipe that has no need of one of these does not define it.
  packages() { :; }
  official() { :; }
  # shellcheck source=/dev/null
  source "$here/$group/recipe.sh"
  official_programs=$(official)
  key=$(key_of)
  final=$TOOLCHAIN_CACHE/$group-$key
  if [[ ! -d $final ]]; then
    exec 9>"$TOOLCHAIN_CACHE/.$group.lock"
    flock -n 9 || {
      say "$group: another build is under way; waiting for it"
      flock 9
    }
    if [[ ! -d $final ]]; then
      local started=$SECONDS
      need_packages
      partial=$TOOLCHAIN_CACHE/.$group-$key.partial
      mkdir -p "$partial/bin"
      while read -r program path; do
        [[ -n $program ]] && ln -sfn "$path" "$partial/bin/$program"
      done <<<"$official_programs"
      build "$partial/bin" 9>&-
      mv "$partial" "$final"
      say "$group: ready after $((SECONDS - started)) s"
    fi
    exec 9>&-
  fi
  echo "$final/bin"
}

(($# > 0)) || fail "usage: toolchain/build.sh <group>... (groups: $(cd "$here" && echo */recipe.sh | sed 's#/recipe.sh##g'))"
command -v go >/dev/null || fail "Go is needed to build it (1.26 or newer): no 'go' on PATH"
mkdir -p "$TOOLCHAIN_CACHE"
source "$here/go-build.sh"
for group in "$@"; do
  [[ -f $here/$group/recipe.sh ]] || fail "no group '$group'; run without arguments for the list"
done
for group in "$@"; do
  build_group
done
