#!/bin/sh
# Fills <folder> with the root file system that every image of the sandbox stands on.
#
#   base/build.sh <folder> [mirror]
#
# Run as root. Without a mirror it is debootstrap's own default for the release. The same packages
# give the same files, whatever the mirror and the computer.
set -eu

release=bookworm
here=$(cd "$(dirname "$0")" && pwd)
root=$1
mirror=${2-}

packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/packages.txt" | tr -d ' \t'; }

# A PID and mount namespace of its own: what a package script starts or mounts ends with it.
in_root() {
  unshare --mount --pid --fork --mount-proc="$root/proc" \
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
    DEBIAN_FRONTEND=noninteractive SOURCE_DATE_EPOCH=0 \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
}

bootstrap() {
  debootstrap --variant=minbase "$release" "$root" ${mirror:+"$mirror"}
}

# Leaves texts out while unpacking, and keeps packages from starting or creating anything.
prepare() {
  cat >"$root/etc/dpkg/dpkg.cfg.d/slim" <<'SLIM'
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/lintian/*
force-unsafe-io
SLIM
  printf 'APT::Install-Recommends "false";\nAcquire::Languages "none";\n' \
    >"$root/etc/apt/apt.conf.d/90slim"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  mkdir -p "$root/etc/postgresql-common"
  echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # The way out that this computer's own apt takes.
  apt-config dump | grep -E '^Acquire::https?::Proxy' >"$root/etc/apt/apt.conf.d/95proxy" || true
}

install() {
  in_root apt-get -q update
  # shellcheck disable=SC2046 -- one word per package is meant
  in_root apt-get -q -y install $(packages)
  in_root dpkg-query -W -f '${Package} ${Version}\n' | LC_ALL=C sort >"$root/usr/share/packages.list"
}

# Just-in-time compiler, translations, caches, logs, keys made while installing: none is needed,
# and what was made while installing would differ from build to build.
slim() {
  cd "$root"
  rm -rf usr/share/doc/* usr/share/man/* usr/share/info/* usr/share/locale/* usr/share/lintian/* \
    usr/share/i18n usr/share/perl usr/share/zoneinfo/right usr/share/zoneinfo/posix \
    usr/lib/*/libLLVM* usr/lib/llvm-* usr/lib/*/libz3.so* usr/lib/postgresql/15/lib/bitcode \
    usr/lib/postgresql/15/lib/llvmjit* usr/lib/python3/dist-packages/samba usr/lib/*/samba/service \
    usr/lib/*/gconv usr/lib/*/perl usr/lib/*/libperl.so* usr/bin/amtool usr/share/mime \
    usr/share/bash-completion usr/lib/openssh/sftp-server \
    usr/share/postgresql/15/man usr/share/nginx/html var/lib/apt/lists/* \
    var/cache/* var/log/* var/backups/* var/lib/systemd var/lib/samba/* etc/samba/smb.conf run/* tmp/* \
    etc/ssl/private/* etc/ssl/certs/ssl-cert-snakeoil.pem etc/machine-id var/lib/dbus/machine-id \
    etc/resolv.conf etc/hostname etc/apt/sources.list etc/apt/apt.conf.d/95proxy usr/sbin/policy-rc.d etc/mosquitto/conf.d etc/cron.* etc/ld.so.cache~ \
    var/lib/unbound/root.key boot home media mnt opt srv
  for tool in vmauth vmbackup vmbackup-prod vmctl vmrestore vminsert vmselect vmstorage; do
    rm -f "usr/bin/$tool" "usr/bin/victoria-$tool"
  done
  rm -rf var/lib/dpkg/info var/lib/dpkg/*-old usr/lib/systemd/system lib/systemd/system
  mkdir -p var/lib/dpkg/info home media mnt opt srv var/log/nginx var/cache/nginx var/lib/samba/private \
    var/log/samba var/cache/samba var/lib/nginx etc/crontabs
  chmod 1777 tmp
  find . -xdev -name __pycache__ -type d -prune -exec rm -rf {} +
  find dev -mindepth 1 -delete
  rm -f etc/passwd- etc/group- etc/shadow- etc/gshadow-
  # Dates of the passwords' last change are the day of the build.
  sed -i -E 's/^([^:]*:[^:]*:)[0-9]+:/\119000:/' etc/shadow
  # crond runs a job by the shell of its user, which is sh in the images that have one.
  sed -i '/^root:/s|/bin/bash$|/bin/sh|' etc/passwd
}

# Names that the original images use for the same programs.
link_names() {
  cd "$root"
  for applet in crond crontab; do ln -sf /bin/busybox "usr/sbin/$applet"; done
  ln -sf /bin/busybox usr/bin/wget
  ln -sf ../bin/tini usr/sbin/tini
  rm -rf var/spool/cron
  mkdir -p var/spool/cron
  ln -s /etc/crontabs var/spool/cron/crontabs
  # Debian's own are Perl wrappers that choose a cluster: slow for a check that runs each second.
  for tool in usr/lib/postgresql/15/bin/*; do ln -sf "/$tool" "usr/local/bin/${tool##*/}"; done
  for tool in server cli benchmark check-aof check-rdb; do
    [ ! -e "usr/bin/redis-$tool" ] || ln -sf "redis-$tool" "usr/bin/valkey-$tool"
  done
}

bootstrap
prepare
install
slim
link_names
