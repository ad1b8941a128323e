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
/** Notes when the container was started; the start script of every sidecar writes it. */
const STARTED = "/tmp/started";
const DONE = ".last-copy";

/**
 * The hourly job. It copies the keys too: with the database alone, every node would have to enrol
 * again.
 */
export function copyScript(settings: HeadscaleCopiesSettings): string {
  const { data, config, copies, keepHours, readers, timezone } = settings;
  return `#!/bin/sh
# Copies Headscale's database, keys and configuration. crond starts it; by hand:
#   docker exec headscale-backup /homelab/copy.sh
set -eu
umask 027
chmod 0755 ${copies}
export TZ='${timezone}'
now=$(date +%Y%m%d_%H%M%S)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The image has no SQLite. Database and log are copied, then compared: copies that still equal the
# originals are one moment's state, which SQLite recovers by itself when it opens them.
same() {
  if [ -e "$1" ]; then cmp -s "$1" "$2"; else [ ! -e "$2" ]; fi
}
mkdir "$work/db"
tries=0
while :; do
  rm -f "$work"/db/*
  for part in -wal ''; do
    [ ! -e "${data}/db.sqlite$part" ] || cp "${data}/db.sqlite$part" "$work/db/db.sqlite$part"
  done
  if same ${data}/db.sqlite-wal "$work/db/db.sqlite-wal" &&
    same ${data}/db.sqlite "$work/db/db.sqlite"; then break; fi
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo "the database changed during each of $tries copies" >&2; exit 1; }
  sleep 1
done
[ "$(head -c 15 "$work/db/db.sqlite")" = "SQLite format 3" ] ||
  { echo "${data}/db.sqlite is no SQLite database" >&2; exit 1; }
tar -czf "$work/db.tar.gz" -C "$work/db" .
tar -czf "$work/config.tar.gz" -C ${config} .
tar -czf "$work/keys.tar.gz" -C ${data} $(cd ${data} && ls *.key)
for name in db config keys; do
  chown 0:${readers} "$work/$name.tar.gz"
  chmod 0640 "$work/$name.tar.gz"
  cp -p "$work/$name.tar.gz" "${copies}/.new"
  mv "${copies}/.new" "${copies}/\${name}_$now.tar.gz"
done
find ${copies} -type f -name '*_*' -mmin +${keepHours * 60} -delete
touch ${copies}/${DONE}
echo "copied headscale to ${copies} as $now"
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
