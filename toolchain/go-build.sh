# What every recipe uses to build. Read by build.sh and part of each group's key:
# a change here rebuilds everything (mostly from Go's own cache).
# shellcheck shell=bash

# go_program <module folder> <dest folder> <program> <package> [go build arguments...]
# Builds one program unless an earlier, interrupted run already did.
# Only what go.mod and go.sum pin is built: -mod=readonly, checksums stay on.
go_program() {
  local module=$1 dest=$2 program=$3 package=$4
  shift 4
  [[ -x $dest/$program ]] && return 0
  with_progress "$program" go_in "$module" build -o "$dest/.$program.partial" "$@" "$package"
  mv "$dest/.$program.partial" "$dest/$program"
}

# go_in <module folder> <go arguments...>
go_in() {
  local module=$1
  shift
  (cd "$module" && GOWORK=off GOFLAGS="${GOFLAGS:-} -mod=readonly -buildvcs=false" nice -n 5 go "$@")
}

# official_on_path <program> <check>: the path of a program installed on this machine for which
# `<check> <path>` succeeds, else nothing. Programs of this cache do not count.
official_on_path() {
  local program=$1 check=$2 path
  while read -r path; do
    [[ $(realpath "$path") == "$(realpath -m "$TOOLCHAIN_CACHE")"/* ]] && continue
    if "$check" "$path"; then
      echo "$path"
      return 0
    fi
  done < <(type -aP "$program")
  return 0
}
