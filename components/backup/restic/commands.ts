import { quote } from "../../../model/shell-text.ts";
import {
  NEVER_COPIED,
  type BackupProgram,
  type CopyCommands,
  type CopyOwner,
  type JobCommands,
} from "../program.ts";

/** Files in a job's container that hold the repository's URL and its password. */
export const RESTIC_FILES = {
  repository: "/run/secrets/restic-repository",
  password: "/run/secrets/restic-password",
} as const;

/** What every script says to restic first. */
export const RESTIC_SETTINGS: Pick<BackupProgram, "environment" | "cacheVariable" | "unlock"> = {
  environment: {
    RESTIC_REPOSITORY_FILE: RESTIC_FILES.repository,
    RESTIC_PASSWORD_FILE: RESTIC_FILES.password,
  },
  cacheVariable: "RESTIC_CACHE_DIR",
  // Removes those that nobody has renewed for half an hour, or whose process is gone.
  unlock: "restic unlock",
};

/** What the nightly job says to restic. */
export const RESTIC_JOB: JobCommands = {
  // Without a limit restic would try an absent server for a quarter of an hour.
  open: "timeout 120 restic cat config",
  make: "timeout 120 restic init",
  copy: (owner, paths, excludes) =>
    `restic backup ${ownerOf(owner)} \\
  ${[...excludes.map((pattern) => `--exclude=${pattern}`), ...paths].map(quote).join(" ")}`,
  partly: {
    exitCode: 3,
    unread: `grep -i '^error' "$output" | grep -v 'no such file or directory' | head -n 1 | cut -c 1-300`,
  },
  made: `sed -n 's/^snapshot \\([0-9a-f]*\\) saved.*/\\1/p' "$output" | tail -n 1`,
  // "processed 12 files, 1.234 MiB in 0:03", in units of 1024.
  size: `sed -n 's/^processed .* files, \\([0-9.]*\\) \\([KMGTP]*i*B\\) in .*/\\1 \\2/p' "$output" | tail -n 1 |
  awk '{ printf "%.0f\\n", $1 * 1024 ^ (index("BKMGTP", substr($2, 1, 1)) - 1) }'`,
  forget: (owner, { daily, weekly, monthly }) =>
    `restic forget ${ownerOf(owner)} --group-by host,tags \\
  --keep-daily ${daily} --keep-weekly ${weekly} --keep-monthly ${monthly} --prune`,
  check: "restic check",
  // A snapshot that is tagged is another one, with another id.
  keep: (mark) =>
    `tagged() { restic snapshots --no-lock --json --tag ${mark} 2>/dev/null | sed 's/},{"time"/}\\n{"time"/g'; }
tagged | grep -q "\\"short_id\\":\\"$1\\"" && { echo "$1"; exit; }
restic --retry-lock 1m tag --add ${mark} "$1" >/dev/null 2>&1 || exit 0
id=$(tagged | grep "\\"original\\":\\"$1" | sed -n 's/.*"short_id":"\\([0-9a-f]*\\)".*/\\1/p' | tail -n 1)`,
};

function ownerOf({ host, tag }: CopyOwner): string {
  return `--host ${quote(host)} --tag ${quote(tag)}`;
}

/** What is said to restic of snapshots that are there. */
export const RESTIC_COPIES: CopyCommands = {
  // With --json some versions wrap the reason too.
  complaint: `sed 's/.*"message":"\\(.*\\)"}*$/\\1/'`,
  functions: `# snapshots <seconds> <arguments…>
snapshots() {
  limit=$1
  shift
  listed=$(timeout "$limit" restic --no-lock snapshots "$@" --json 2>"$scratch/complaint") || {
    cat "$scratch/complaint" >&2
    # A repository is made by its first copy.
    ! grep -q "does not exist" "$scratch/complaint" || return ${NEVER_COPIED}
    return 1
  }
  printf '%s\\n' "$listed" | sed 's/{"time":"/\\n&/g' |
    sed -n 's/^{"time":"\\([^"]*\\)".*"short_id":"\\([0-9a-f]*\\)".*/\\2 \\1/p' | sort -k 2
}
copies() { snapshots "$2" --host "$1"; }
copy_named() {
  if [ $# -gt 1 ]; then snapshots 120 "$2"; else snapshots 120 latest --host "$1"; fi
}
content() {
  restic --no-lock ls "$@" --recursive --json >"$scratch/entries" || return 1
  # A quote in a name is escaped, so no name can look like a field.
  awk '
    match($0, /"path":"([^"\\\\]|\\\\.)*"/) {
      path = substr($0, RSTART + 8, RLENGTH - 9)
      kind = index($0, "\\"type\\":\\"file\\"") ? "file" : "other"
      bytes = match($0, /"size":[0-9]+/) ? substr($0, RSTART + 7, RLENGTH - 7) : 0
      print kind, bytes, path
    }' "$scratch/entries"
}
bytes_of() {
  restic --no-lock stats "$1" --mode restore-size --json | sed -n 's/.*"total_size":\\([0-9]*\\).*/\\1/p'
}
put_back() {
  snapshot=$1 folder=$2
  shift 2
  # Each path with its option; none is all.
  for path in "$@"; do
    set -- "$@" --include "$path"
    shift
  done
  restic --retry-lock 5m restore "$snapshot" --target "$folder" "$@" >/dev/null
}
`,
};
