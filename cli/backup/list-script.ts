import { SIDECAR_PATHS } from "../../components/backup/restic-sidecar.plan.ts";
import { verifiedRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { besideSidecar, resticPrelude, writeScript } from "./beside.ts";
import type { BackupJob } from "./jobs.ts";
import type { Place } from "./places.ts";
import { stagedCopies } from "./restore-look.ts";

/** Longest time for one job; a photo library's list of files is read twice for it. */
export const LIST_SECONDS = 600;

/** A restic server that has not answered by then is away. */
const STORE_SECONDS = 40;

/** The newest copy is compared with the one that many copies before it: a week, with one a night. */
const COPIES_BACK = 7;

/**
 * A script for the host that changes nothing: prints what the job's last run left, when it was last
 * verified, and what the repository has of each place, in the newest copy and in one of a week ago.
 */
export function listScript(job: BackupJob, places: readonly Place[]): string {
  const name = quote(job.sidecar.name);
  const read = (file: string, word: string): string =>
    `docker exec ${name} cat ${file} 2>/dev/null </dev/null | sed 's/^/${word} /'\n`;
  return `set -u
[ ! -f ${verifiedRecord(job.sidecar.name)} ] || sed 's/^/verified /' ${verifiedRecord(job.sidecar.name)}
${besideSidecar(job.sidecar.name)}${read(SIDECAR_PATHS.lastRun, "run")}${read(SIDECAR_PATHS.since, "since")}scratch=$(mktemp -d /var/tmp/homelab-list.XXXXXX) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
${writeScript('"$scratch/list.sh"', repositoryScript(job.sidecar.name, places))}beside ${LIST_SECONDS} --volume "$scratch:/scratch" "$image" /scratch/list.sh
`;
}

/** What runs beside the sidecar. Takes no lock: one that a dead machine left must not be in the way. */
export function repositoryScript(
  sidecar: string,
  places: readonly Place[],
  scratch = "/scratch",
): string {
  return `${resticPrelude(scratch)}fail() { echo "problem $1: $(reason)"; exit 0; }
if ! timeout ${STORE_SECONDS} restic --no-lock snapshots --host ${quote(sidecar)} --json >${scratch}/all 2>${scratch}/errors; then
  # A repository is made by its first copy.
  if grep -q "does not exist" ${scratch}/errors; then echo none; exit 0; fi
  grep -q . ${scratch}/errors || echo "no answer within ${STORE_SECONDS} s" >${scratch}/errors
  fail "the repository cannot be opened"
fi
echo "all $(cat ${scratch}/all)"
sed 's/{"time":"/\\n&/g' ${scratch}/all |
  sed -n 's/^{"time":"\\([^"]*\\)".*"short_id":"\\([0-9a-f]*\\)".*/\\1 \\2/p' | sort >${scratch}/ids
[ -s ${scratch}/ids ] || { echo none; exit 0; }
newest=$(tail -n 1 ${scratch}/ids | cut -d ' ' -f 2)
earlier=$(tail -n ${COPIES_BACK + 1} ${scratch}/ids | head -n 1 | cut -d ' ' -f 2)
cat >${scratch}/places <<'END'
${places.map(({ target }) => `${target}\t${stagedCopies(target)}`).join("\n")}
END
# A quote in a name is escaped, so no name can look like a field.
measure() {
  restic --no-lock ls "$2" --json >${scratch}/list 2>${scratch}/errors || fail "snapshot $2 cannot be listed"
  awk -F '\\t' -v word="$1" '
    NR == FNR { own[NR] = "\\"path\\":\\"" $1; staged[NR] = "\\"path\\":\\"" $2 "/"; count = NR; next }
    {
      isFile = index($0, "\\"type\\":\\"file\\"")
      for (n = 1; n <= count; n++) {
        if (index($0, own[n] "\\"")) there[n] = 1
        if (!isFile) continue
        # A SQLite file is there twice, and one to the person.
        if (index($0, own[n] "/")) files[n]++
        else if (!index($0, staged[n])) continue
        if (match($0, /"size":[0-9]+/)) bytes[n] += substr($0, RSTART + 7, RLENGTH - 7)
      }
    }
    END { for (n = 1; n <= count; n++) if (there[n]) printf "%s %d %d %.0f\\n", word, n - 1, files[n], bytes[n] }
  ' ${scratch}/places ${scratch}/list
}
echo "newest $newest"
measure has "$newest"
[ "$earlier" = "$newest" ] || measure had "$earlier"
echo end
`;
}
