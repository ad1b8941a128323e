/** What the hourly copy of Headscale has to know. */
export interface HeadscaleCopiesSettings {
  /** Folder of database and keys in the container, mounted read-only. */
  readonly data: string;
  /** Folder of the configuration files in the container. */
  readonly config: string;
  /** Folder that gets the copies. */
  readonly copies: string;
  /** Hours that a copy is kept. */
  readonly keepHours: number;
  /** Group number that may read the copies, so that they can be fetched over ssh. */
  readonly readers: number;
  readonly timezone: string;
}

/** Minutes after which a copy is too old: two runs may fail before it counts. */
const MAX_AGE_MINUTES = 150;
/** A new container has this long for its first copy. */
const GRACE_MINUTES = 75;
/** Notes when the container was started. */
const STARTED = "/tmp/started";
const DONE = ".last-copy";

/**
 * The hourly job. The original left the keys out of its copies: with the database alone, every
 * node would have had to enrol again.
 */
export function copyScript(settings: HeadscaleCopiesSettings): string {
  const { data, config, copies, keepHours, readers, timezone } = settings;
  return `#!/bin/sh
# Copies Headscale's database, keys and configuration. crond starts it; by hand:
#   docker exec headscale-backup /homelab/copy.sh
set -eu
umask 027
export TZ='${timezone}'
now=$(date +%Y%m%d_%H%M%S)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# On a read-only mount SQLite opens a database with a log only while its owner has it open.
if [ -e ${data}/db.sqlite-wal ]; then
  sqlite3 -readonly ${data}/db.sqlite ".timeout 10000" ".backup '$work/db.sqlite'"
else
  cp ${data}/db.sqlite "$work/db.sqlite"
fi
[ "$(sqlite3 "$work/db.sqlite" 'pragma integrity_check')" = ok ]
tar -czf "$work/config.tar.gz" -C ${config} .
tar -czf "$work/keys.tar.gz" -C ${data} $(cd ${data} && ls *.key)
for part in db:sqlite config:tar.gz keys:tar.gz; do
  name=\${part%%:*}
  end=\${part#*:}
  chown 0:${readers} "$work/$name.$end"
  chmod 0640 "$work/$name.$end"
  cp -p "$work/$name.$end" "${copies}/.new"
  mv "${copies}/.new" "${copies}/\${name}_$now.$end"
done
find ${copies} -type f -name '*_*' -mmin +${keepHours * 60} -delete
touch ${copies}/${DONE}
echo "copied headscale to ${copies} as $now"
`;
}

/** Starts crond, with the tools and the times the health check needs. */
export function copyStartScript(settings: HeadscaleCopiesSettings): string {
  return `#!/bin/sh
set -eu
command -v sqlite3 >/dev/null || apk add --no-cache sqlite tzdata
chmod 0755 ${settings.copies}
touch ${STARTED}
exec crond -f -l 8 -c /etc/crontabs
`;
}

/** Healthy while crond lives and the newest copy is young, or the container is. */
export function copyHealthScript(settings: HeadscaleCopiesSettings): string {
  return `#!/bin/sh
set -u
pgrep crond >/dev/null || { echo "crond does not run, so no copy will be made"; exit 1; }
if [ -n "$(find ${settings.copies}/${DONE} -mmin -${MAX_AGE_MINUTES} 2>/dev/null)" ]; then
  echo "crond runs; the newest copy is young enough"
  exit 0
fi
if [ -n "$(find ${STARTED} -mmin -${GRACE_MINUTES} 2>/dev/null)" ]; then
  echo "crond runs; no copy is due yet"
  exit 0
fi
echo "no copy in the last ${MAX_AGE_MINUTES} minutes; try: docker exec headscale-backup /homelab/copy.sh"
exit 1
`;
}
