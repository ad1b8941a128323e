import { quote } from "../../model/shell-text.ts";

/** What the health check and the start of a backup sidecar have to know. */
export interface JobHealthSettings {
  /** Folder of the state volume. */
  readonly state: string;
  /** Hours after which the last good copy is too old. */
  readonly maxAgeHours: number;
  /** Folders that programs are looked for in. */
  readonly searchPath: string;
  /** File on the container's own disk that notes when the container was started. */
  readonly startedFile: string;
}

/** A new volume has a day before its first copy is missed. */
const GRACE_SECONDS = 24 * 3600;
/** After a start, a missed run has this long to be made up for. */
const CATCH_UP_SECONDS = 1800;

/**
 * Says in one line how the sidecar is, and fails when crond is gone or the last run that was due
 * did not succeed.
 */
export function jobHealthScript(settings: JobHealthSettings): string {
  const { maxAgeHours } = settings;
  return `#!/bin/sh
set -u
export PATH=${quote(settings.searchPath)}
state=${quote(settings.state)}
now=$(date +%s)

good() {
  echo "$1"
  exit 0
}
bad() {
  echo "$1"
  exit 1
}
value() { sed -n "s/^$1=//p" "$state/last-run" 2>/dev/null; }

pgrep -x crond >/dev/null || bad "crond does not run, so no copy will be made"
since=$(cat "$state/since" 2>/dev/null) || bad "$state/since is missing: is the state volume mounted?"
[ $((now - since)) -ge ${GRACE_SECONDS} ] || good "crond runs; first day, no copy is due yet"
job=$(cat "$state/running" 2>/dev/null) && kill -0 "$job" 2>/dev/null && good "a copy is being made"
started=$(cat ${quote(settings.startedFile)} 2>/dev/null || echo 0)

result=$(value result)
finished=$(value finished)
if [ "$result" = ok ]; then
  hours=$(((now - finished) / 3600))
  [ "$hours" -ge ${maxAgeHours} ] || good "crond runs; last copy $hours h ago: $(value message)"
  problem="the last copy is $hours h old, more than ${maxAgeHours} h"
elif [ -n "$result" ]; then
  problem="the last run failed: $(value message)"
else
  problem="no copy was ever made, although the first was due"
fi
[ $((now - started)) -ge ${CATCH_UP_SECONDS} ] || good "a missed copy will be made up for: $problem"
bad "$problem"
`;
}

/**
 * First program of a backup sidecar: notes when the volume was new, makes up for a run that was
 * missed while the machine was off, and becomes crond.
 */
export function jobStartScript(settings: JobHealthSettings): string {
  const maxAgeSeconds = settings.maxAgeHours * 3600;
  return `#!/bin/sh
set -u
export PATH=${quote(settings.searchPath)}
state=${quote(settings.state)}
now=$(date +%s)
# What a killed container left behind; its process numbers mean nothing here.
rm -f "$state/running"
[ -s "$state/since" ] || echo "$now" >"$state/since"
echo "$now" >${quote(settings.startedFile)}
since=$(cat "$state/since")
result=$(sed -n 's/^result=//p' "$state/last-run" 2>/dev/null)
finished=$(sed -n 's/^finished=//p' "$state/last-run" 2>/dev/null)
# Empty says that there was none. Where a failed run took a good one's place nobody knows, until the next.
if [ ! -e "$state/last-good" ]; then
  case $result in
  ok) cp "$state/last-run" "$state/last-good.new" && mv "$state/last-good.new" "$state/last-good" ;;
  '') : >"$state/last-good" ;;
  esac
fi
if [ $((now - since)) -ge ${GRACE_SECONDS} ]; then
  if [ "$result" != ok ] || [ $((now - \${finished:-0})) -ge ${maxAgeSeconds} ]; then
    echo "a copy was missed; making up for it in a minute"
    # Twice in the background, so that the init process and not crond is its parent.
    ( (sleep 60; exec /backup.sh) & )
  fi
fi
exec crond -f -l 8 -c /etc/crontabs
`;
}
