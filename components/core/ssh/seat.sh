#!/bin/sh
# Gives the ssh that calls it (by `Match exec`, see shared.conf) a seat on a shared connection.
#
#   seat.sh <connection> <uid> <host> [<configuration> <its name>]
#
# ends with 0 when the caller sits on that connection. The user's own configuration is the default.
#
# sshd takes ten sessions on one connection and begins to refuse at ten logins at once
# (MaxSessions and MaxStartups in sshd_config(5)). So a connection has nine seats, the next one is
# opened when all are taken, and of each only one process at a time tries to open it.
# A seat is a file that holds the process id of the ssh that has it.
set -u
connection=$1 host=$3 config=${4-} caller=$PPID
folder=/tmp/homelab-$2 line=$3${5:+.$5}
connections="0 1 2 3 4 5 6 7 8" seats="1 2 3 4 5 6 7 8 9"
# How often to look whether another process is through, 20 times a second.
patience=300

holder_of() {
  holder=
  read -r holder 2>/dev/null <"$1"
}

# The ssh that asked was killed meanwhile; process 1 would have the seat for ever.
[ "$caller" != 1 ] || exit 1

# Nobody else may have made the folder: who owns a socket in it reads what goes through.
umask 077
[ "$connection" != 0 ] || mkdir "$folder" 2>/dev/null
[ ! -L "$folder" ] && [ -O "$folder" ] || exit 1

# What the first call took, for the later ones.
if [ "$connection" != 0 ]; then
  for seat in $seats; do
    file=$folder/$line.$connection.$seat
    [ -e "$file" ] && holder_of "$file" && [ "$holder" = "$caller" ] && exit 0
  done
  exit 1
fi

chmod 700 "$folder" || exit 1

# Waits for its turn at what only one process may do at a time; `$2` says whether it still has to.
turn() {
  lock=$folder/$line.$1 waited=0
  until (set -C && echo $$ >"$lock") 2>/dev/null; do
    # One that was killed has left it behind.
    holder_of "$lock" && ! kill -0 "$holder" 2>/dev/null && rm -f "$lock"
    # So was one that is minutes old; its number may be another process's today.
    [ "$((waited += 1))" != 40 ] || find "$lock" -mmin +2 -exec rm -f {} + 2>/dev/null
    [ "$waited" -le "$patience" ] || return 1
    sleep 0.05
    "$2" || return 1
  done
}

# Sets connection and file; fails when every seat is taken. A seat in the caller's own name is its
# own: ssh reads its configuration twice where `Match final` is in it.
sit() {
  for connection in $connections; do
    for seat in $seats; do
      file=$folder/$line.$connection.$seat
      [ -e "$file" ] && holder_of "$file" && [ "$holder" != "$caller" ] &&
        kill -0 "$holder" 2>/dev/null && continue
      echo "$caller" >"$file" && return 0
    done
  done
  return 1
}

# Frees the seats of those that have ended and whose number another process has today: a seat that is
# older than the process of its number. Only where all are taken, for it asks about each.
sweep() {
  for file in "$folder/$line".[0-8].[1-9]; do
    holder_of "$file" || continue
    minutes=$(ps -o etime= -p "$holder" |
      awk -F '[-:]' '{ print NF == 4 ? ($1 * 24 + $2) * 60 + $3 : NF == 3 ? $1 * 60 + $2 : $1 }')
    [ -z "$minutes" ] || find "$file" -mmin "+$((minutes + 1))" -exec rm -f {} + 2>/dev/null
  done
}

# Takes a seat. Should all be taken for so long, ssh connects by itself.
seated() {
  found=1 tries=0
  while [ "$((tries += 1))" -le 20 ]; do
    turn seats : || return 1
    sit || { [ "$tries" = 1 ] && sweep && sit; }
    found=$?
    rm -f "$lock"
    [ "$found" != 0 ] || return 0
    sleep 0.5
  done
  return 1
}

# ssh with the user's own configuration, about this connection.
own_ssh() {
  ssh ${config:+-F "$config"} -o BatchMode=yes -o ConnectTimeout=10 \
    -o "ControlPath=$folder/%C.$connection" "$@" "$host" </dev/null >/dev/null
}

is_open() {
  own_ssh -O check 2>/dev/null
}

# The keepalive ends a connection whose host has lost its power or its network. One that was killed
# leaves its socket behind: with `auto` ssh clears it away. With `yes` it would stay, and every
# opening would be a login of its own that nobody uses and nothing ends.
open() {
  own_ssh -f -N -o ControlMaster=auto -o ControlPersist=5m \
    -o ServerAliveInterval=5 -o ServerAliveCountMax=8 -o ClearAllForwardings=yes \
    -o ForwardAgent=no -o PermitLocalCommand=no -o RemoteCommand=none 2>"$folder/$line.said"
}

# Whether nobody has found out, since this seat was taken, that it cannot be opened.
hopeful() {
  ! [ "$folder/$line.failed" -nt "$file" ]
}

opened() {
  is_open && return 0
  turn "$connection.opens" hopeful || return 1
  is_open || { hopeful && open && is_open; }
  result=$?
  [ "$result" = 0 ] || ! hopeful || echo >"$folder/$line.failed"
  rm -f "$lock"
  return "$result"
}

seated || exit 1
opened || {
  # ssh then connects by itself, and says what is wrong.
  rm -f "$file"
  exit 1
}
[ "$connection" = 0 ]
