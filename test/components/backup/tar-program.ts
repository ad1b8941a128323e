import { NEVER_COPIED, type BackupProgram } from "../../../components/backup/program.ts";
import { nothingRead } from "../../../model/image-contract.ts";
import { quote } from "../../../model/shell-text.ts";

/** Folder of every host that holds its copies, as the jobs' containers see it. */
export const COPIES = "/copies";

/** Lines that print why, and end, where there is no folder for copies yet. */
const OPENED = `[ -e "$COPIES/made" ] || { echo "there is no folder for copies" >&2; return ${NEVER_COPIED}; }`;

/**
 * The smallest backup program there can be: each copy is a tar file on the host's own disk,
 * `<host>/<id>.tar`. Its id is the second at which it was made and the number of the process.
 */
export const TAR: BackupProgram = {
  name: "tar",
  image: nothingRead("docker.io/example/tar:1.35", "none"),
  reach: () => ({
    files: [],
    mounts: [
      { kind: "bind", source: "/srv/copies", target: COPIES, notCopied: "holds the copies" },
    ],
  }),
  secrets: () => ({}),
  sent: { folder: "/srv/copies", name: "copies", what: "the copies", mark: ["*", "first"] },
  environment: { COPIES },
  job: {
    open: `ls "$COPIES/made"`,
    make: `touch "$COPIES/made"`,
    copy: ({ host }, paths, excludes) =>
      `{
  folder="$COPIES/"${quote(host)} && mkdir -p "$folder" && touch "$folder/first" &&
    id=$(printf '%08x%08x' "$(date +%s)" $$) &&
    tar -P --no-wildcards-match-slash ${excludes.map(exclude).join(" ")} -cf "$folder/$id.new" ${paths.map(quote).join(" ")} &&
    mv "$folder/$id.new" "$folder/$id.tar" && echo "made $id"
}`,
    made: `sed -n 's/^made //p' "$output"`,
    size: `wc -c <"$(ls "$COPIES"/*/"$(sed -n 's/^made //p' "$output")".tar)"`,
    forget: ({ host }, { daily, weekly, monthly }) =>
      `{
  for old in $(ls -r "$COPIES/"${quote(host)}/*.tar | tail -n +${daily + weekly + monthly + 1}); do
    [ -e "$old.before-change" ] || rm "$old"
  done
}`,
    check: `find "$COPIES" -name '*.tar' -exec tar -tf {} ';'`,
    keep: (mark) => `id=$1
touch "$(ls "$COPIES"/*/"$1.tar")".${mark} || exit 0`,
  },
  copies: {
    functions: `copies() {
  ${OPENED}
  for copy in "$COPIES/$1"/*.tar; do
    [ ! -e "$copy" ] || name_copy "$copy"
  done
}
name_copy() {
  id=\${1##*/} && id=\${id%.tar}
  echo "$id $(date -u -d "@$((0x$(echo "$id" | cut -c 1-8)))" +%Y-%m-%dT%H:%M:%SZ)"
}
copy_named() {
  ${OPENED}
  copies "$1" | grep "^\${2:-}" | tail -n 1
}
content() {
  copy=$(ls "$COPIES"/*/"$1.tar") || return 1
  shift
  tar -P -tvf "$copy" "$@" | sed 's|^\\(.\\)[^/]*/[^ ]* *\\([0-9]*\\) [^ ]* [^ ]* |\\1 \\2 |; s|/$||; s/^- /file /; s/^[^f] /other /'
}
bytes_of() {
  tar -P -tvf "$COPIES"/*/"$1.tar" | awk '{ all += $3 } END { print all + 0 }'
}
put_back() {
  copy=$(ls "$COPIES"/*/"$1.tar") && mkdir -p "$2" || return 1
  folder=$2
  shift 2
  # What is not in it has no name that tar would find.
  for path in "$@"; do
    tar -P -tf "$copy" "$path" >/dev/null 2>&1 && set -- "$@" "$path"
    shift
  done
  tar -xpf "$copy" -C "$folder" "$@"
}
`,
  },
};

/** A pattern of ours as tar has it: with a leading slash from the top, without one anywhere. */
function exclude(pattern: string): string {
  return `${pattern.startsWith("/") ? "--anchored" : "--no-anchored"} --exclude=${quote(pattern)}`;
}
