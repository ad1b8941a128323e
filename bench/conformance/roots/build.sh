#!/bin/sh
# Fills <folder> with a Debian 13 and the programs of one root.
#
#   roots/build.sh <folder> <mirror or ""> <packages of all> <packages> [<Python requirements> [<more>]]
#
# <more> is a Python script that prints further requirements once the first are there.
# Run as root. The same lists give the same programs while the registries serve the same versions.
set -eu

release=trixie
root=$1
mirror=$2
common=$3
own=$4
requirements=${5-}
more=${6-}

packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@" | tr -d ' \t'; }

# A PID and mount namespace of its own: what a package script starts or mounts ends with it.
in_root() {
  unshare --mount --pid --fork --mount-proc="$root/proc" \
    chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
}

prepare() {
  printf 'path-exclude=/usr/share/%s/*\n' doc man info locale >"$root/etc/dpkg/dpkg.cfg.d/slim"
  echo force-unsafe-io >>"$root/etc/dpkg/dpkg.cfg.d/slim"
  printf 'APT::Install-Recommends "false";\nAcquire::Languages "none";\n' \
    >"$root/etc/apt/apt.conf.d/90slim"
  apt-config dump | grep -E '^Acquire::https?::Proxy' >"$root/etc/apt/apt.conf.d/95proxy" || true
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  mkdir -p "$root/etc/postgresql-common"
  echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
}

install_packages() {
  in_root apt-get -q update
  # shellcheck disable=SC2046 -- one word per package is meant
  in_root apt-get -q -y install $(packages "$common" "$own")
}

# The computer's own authorities: its way out may be signed by one of them.
install_requirements() {
  in_root apt-get -q -y install python3-pip
  cp /etc/ssl/certs/ca-certificates.crt "$root/tmp/authorities.crt"
  cp "$requirements" "$root/tmp/requirements.txt"
  pip_install
  [ -n "$more" ] || return 0
  cp "$more" "$root/tmp/more.py"
  in_root python3 /tmp/more.py >"$root/tmp/more.txt"
  mv "$root/tmp/more.txt" "$root/tmp/requirements.txt"
  pip_install
}

pip_install() {
  in_root pip install --cert /tmp/authorities.crt --no-cache-dir --disable-pip-version-check \
    --break-system-packages --ignore-installed --requirement /tmp/requirements.txt
}

slim() {
  cd "$root"
  rm -rf var/lib/apt/lists/* var/cache/* var/log/* usr/sbin/policy-rc.d tmp/* run/* etc/resolv.conf \
    etc/hostname etc/machine-id etc/apt/apt.conf.d/95proxy etc/ssl/private/* var/lib/samba/* \
    etc/samba/smb.conf usr/lib/postgresql/*/lib/bitcode usr/lib/*/libLLVM* usr/lib/postgresql/*/lib/llvmjit* boot
  mkdir -p var/log/samba var/cache/samba var/lib/samba/private
  find dev -mindepth 1 -delete
}

# Names that the original images use for the same programs.
link_names() {
  cd "$root"
  ln -sf /bin/busybox usr/bin/wget
  ln -sf ../bin/tini usr/sbin/tini
  ln -sf python3 usr/bin/python
  for tool in usr/lib/postgresql/*/bin/*; do
    [ ! -e "$tool" ] || ln -sf "/$tool" "usr/local/bin/${tool##*/}"
  done
}

debootstrap --variant=minbase "$release" "$root" ${mirror:+"$mirror"}
prepare
install_packages
[ -z "$requirements" ] || install_requirements
in_root dpkg-query -W -f '${Package} ${Version}\n' | LC_ALL=C sort >"$root/usr/share/packages.list"
slim
link_names
