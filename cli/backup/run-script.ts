import { SIDECAR_PATHS } from "../../components/backup/job-paths.ts";
import { quote } from "../../model/shell-text.ts";
import { after } from "../host-answer.ts";
import { lastRunIn, type LastRun } from "./list-answer.ts";

/** Longest time of one run, the wait for another one included: the first copy of a photo library. */
export const RUN_SECONDS = 24 * 3600;

/** The job's own exit code when another run holds its lock. */
const UNDER_WAY = 75;

const LAST_LINES = 15;

/**
 * A script for the host: runs a job as its schedule does. One that is under way is waited for, and
 * then the job runs all the same: what it has copied may be from before what the person means.
 */
export function runScript(sidecar: string): string {
  const name = quote(sidecar);
  return `set -u
running=$(docker container inspect --format '{{.State.Running}}' ${name} 2>/dev/null)
[ "$running" = true ] || { echo "stopped"; exit 0; }
said=$(mktemp /var/tmp/homelab-run.XXXXXX) || exit 1
trap 'rm -f "$said"' EXIT
trap 'exit 1' HUP INT TERM
run() {
  docker exec ${name} ${SIDECAR_PATHS.job} >"$said" 2>&1 </dev/null
  code=$?
}
run
if [ "$code" = ${UNDER_WAY} ]; then
  echo waited
  docker exec ${name} flock ${SIDECAR_PATHS.lock} true </dev/null
  run
fi
[ "$code" = 0 ] || tail -n ${LAST_LINES} "$said" | sed 's/^/said /'
echo "code $code"
docker exec ${name} cat ${SIDECAR_PATHS.lastRun} 2>/dev/null </dev/null | sed 's/^/run /'
echo end
`;
}

/** How a run went. */
export interface RunAnswer {
  /** under-way: another run began each time before this one could. */
  readonly kind: "ok" | "failed" | "stopped" | "under-way" | "cut-short";
  /** The job's own exit code; undefined where it did not run, or nobody heard. */
  readonly code: number | undefined;
  /** It had to wait for another run. */
  readonly waited: boolean;
  readonly lastRun: LastRun | undefined;
  /** The job's last lines, when it did not end well. */
  readonly said: readonly string[];
}

/** Reads the lines of the script. */
export function parseRun(output: string): RunAnswer {
  const lines = output.split("\n");
  const [code] = after(lines, "code");
  return {
    kind: kindOf(lines, code),
    code: code === undefined ? undefined : Number(code),
    waited: lines.includes("waited"),
    lastRun: lastRunIn(after(lines, "run")),
    said: after(lines, "said"),
  };
}

function kindOf(lines: readonly string[], code: string | undefined): RunAnswer["kind"] {
  if (lines.includes("stopped")) return "stopped";
  if (code === undefined || !lines.includes("end")) return "cut-short";
  if (code === "0") return "ok";
  return code === String(UNDER_WAY) ? "under-way" : "failed";
}
