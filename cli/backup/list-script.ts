import { SIDECAR_PATHS } from "../../components/backup/job-paths.ts";
import { NEVER_COPIED } from "../../components/backup/program.ts";
import { verifiedRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { besideSidecar, copiesPrelude, writeScript } from "./beside.ts";
import type { BackupJob } from "./jobs.ts";
import type { Place } from "./places.ts";
import { stagedCopies } from "./restore-look.ts";

/** Longest time for one job; a photo library's list of files is read twice for it. */
export const LIST_SECONDS = 600;

/** A server of copies that has not answered by then is away. */
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
${writeScript('"$scratch/list.sh"', repositoryScript(job, places))}beside ${LIST_SECONDS} --volume "$scratch:/scratch" "$image" /scratch/list.sh
`;
}

/** What runs beside the sidecar. */
export function repositoryScript(
  { sidecar, program }: Pick<BackupJob, "sidecar" | "program">,
  places: readonly Place[],
  scratch = "/scratch",
): string {
  return `${copiesPrelude(program, scratch)}fail() { echo "problem $1: $(reason)"; exit 0; }
copies ${quote(sidecar.name)} ${STORE_SECONDS} >${scratch}/all 2>${scratch}/errors
case $? in
0) ;;
${NEVER_COPIED}) echo none; exit 0 ;;
*)
  grep -q . ${scratch}/errors || echo "no answer within ${STORE_SECONDS} s" >${scratch}/errors
  fail "the repository cannot be opened"
  ;;
esac
sed 's/^/all /' ${scratch}/all
[ -s ${scratch}/all ] || { echo none; exit 0; }
newest=$(tail -n 1 ${scratch}/all | cut -d ' ' -f 1)
earlier=$(tail -n ${COPIES_BACK + 1} ${scratch}/all | head -n 1 | cut -d ' ' -f 1)
cat >${scratch}/places <<'END'
${places.map(({ target }) => `${target}\t${stagedCopies(target)}`).join("\n")}
END
measure() {
  content "$2" >${scratch}/list 2>${scratch}/errors || fail "snapshot $2 cannot be listed"
  awk -v word="$1" '
    NR == FNR { tab = index($0, "\\t"); own[NR] = substr($0, 1, tab - 1); staged[NR] = substr($0, tab + 1) "/"; count = NR; next }
    {
      kind = $1; size = $2
      path = substr($0, length(kind) + length(size) + 3)
      for (n = 1; n <= count; n++) {
        if (path == own[n]) there[n] = 1
        if (kind != "file") continue
        # A SQLite file is there twice, and one to the person.
        if (index(path, own[n] "/") == 1) files[n]++
        else if (index(path, staged[n]) != 1) continue
        bytes[n] += size
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
