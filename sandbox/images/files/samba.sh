#!/bin/sh
# Entry of the Samba image: one user (USER, UID, GID), its password from /run/secrets/pass or PASS,
# the shares from /etc/samba/smb.conf, or one share of /storage where that is not mounted.
set -eu

: "${USER:=samba}" "${UID:=1000}" "${GID:=1000}" "${PASS:=}" "${RW:=true}"
[ ! -s /run/secrets/pass ] || PASS=$(cat /run/secrets/pass)
if [ -z "$PASS" ]; then
  echo "samba: no password for $USER: mount it at /run/secrets/pass" >&2
  exit 1
fi
configuration=/etc/samba/smb.conf
if [ ! -f "$configuration" ]; then
  configuration=/etc/samba/own.conf
  printf '[global]\nserver min protocol = SMB2\n[Data]\npath = /storage\nvalid users = %s\nread only = %s\n' \
    "$USER" "$([ "$RW" = false ] && echo yes || echo no)" >"$configuration"
fi

getent group smb >/dev/null || groupadd -o -g "$GID" smb
if ! id "$USER" >/dev/null 2>&1; then
  useradd -o -u "$UID" -g smb -M -d /tmp -s /usr/sbin/nologin "$USER"
fi
printf '%s\n%s\n' "$PASS" "$PASS" | smbpasswd -a -s -c "$configuration" "$USER" >/dev/null
exec smbd --configfile="$configuration" --foreground --no-process-group --debug-stdout --debuglevel=1
