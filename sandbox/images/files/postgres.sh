#!/bin/sh
# Entry of the PostgreSQL images: makes the data folder at the first start, then becomes the server.
# Variables as the official image documents them: POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB,
# POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, each also with _FILE, and PGDATA.
set -eu

die() {
  echo "postgres: $*" >&2
  exit 1
}

# value_of <variable> <default>: from the variable, or from the file that <variable>_FILE names.
value_of() {
  eval "plain=\${$1-} file=\${$1_FILE-}"
  [ -z "$plain" ] || [ -z "$file" ] || die "$1 and $1_FILE are both set; give one"
  if [ -n "$file" ]; then
    cat "$file" || die "$1_FILE: user $(id -u) cannot read $file"
  else
    printf '%s' "${plain:-$2}"
  fi
}

# read_files: takes each value from the file that <variable>_FILE names, as root, so that the
# server's user needs none of them.
read_files() {
  for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS; do
    eval "[ -n \"\${${name}_FILE-}\" ]" || continue
    value=$(value_of "$name" '')
    export "$name=$value"
    unset "${name}_FILE"
  done
}

# Whoever is root here hands the folders over and goes on as the server's user.
as_server() {
  read_files
  mkdir -p "$PGDATA" /run/postgresql
  find "$PGDATA" /run/postgresql ! -user postgres -exec chown postgres:postgres {} +
  chmod 700 "$PGDATA"
  chmod 3775 /run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
}

create() {
  user=$(value_of POSTGRES_USER postgres)
  password=$(value_of POSTGRES_PASSWORD '')
  database=$(value_of POSTGRES_DB "$user")
  arguments=$(value_of POSTGRES_INITDB_ARGS '')
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  [ -n "$password" ] || [ "$method" = trust ] ||
    die "no password for \"$user\": set POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD"

  secret=$(mktemp)
  printf '%s\n' "$password" >"$secret"
  # shellcheck disable=SC2086 # several arguments are meant
  initdb --username="$user" ${password:+--pwfile="$secret"} --encoding=UTF8 --locale=C.UTF-8 $arguments >/dev/null
  rm -f "$secret"
  echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"

  if [ "$database" != postgres ]; then
    printf 'CREATE DATABASE "%s" ;\n' "$database" | postgres --single -j -D "$PGDATA" postgres >/dev/null
  fi
  run_scripts "$user" "$database"
  echo "postgres: new cluster for user \"$user\", database \"$database\""
}

# The folder where users of the image put their own statements and scripts.
run_scripts() {
  set -- "$1" "$2" /docker-entrypoint-initdb.d/*
  [ -e "$3" ] || return 0
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w -s start
  user=$1 database=$2
  shift 2
  for file; do
    case $file in
      *.sh) sh "$file" ;;
      *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc --username="$user" --dbname="$database" --file="$file" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w -s stop
}

case ${1-} in -*) set -- postgres "$@" ;; esac
if [ "${1-}" = postgres ]; then
  [ "$(id -u)" != 0 ] || as_server "$@"
  [ -s "$PGDATA/PG_VERSION" ] || create
fi
exec "$@"
