#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's packages, built, looked through by lintian, installed, used and purged; all as root on a machine that
# is nobody's: python3 tests/chroot/fresh.py --suite bookworm --who root -- tests/chroot/package.sh
set -eu
[ -n "${FLUE_FRESH_MACHINE:-}" ] || { echo "package.sh: only in a chroot of fresh.py" >&2; exit 2; }
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
get() { apt-get -q -y --no-install-recommends "$@" >/dev/null; }
say() { printf -- '-- %s\n' "$*"; }

work=$(mktemp -d)
cp -r . "$work/flue"
cd "$work/flue"
say "build"
get update
get install build-essential lintian
get build-dep ./
dpkg-buildpackage -us -uc >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log"; exit 1; }

say "lintian"
lintian --allow-root --fail-on error,warning "$work"/flue_*.changes

say "install"
get purge debhelper cmake
get autoremove
get install "$work"/*.deb cmake gcc libc6-dev pkg-config
flue --version
flue check /usr/share/doc/flue/examples/chimney

say "use: CMake"
mkdir "$work/user" && cd "$work/user"
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
enable_testing()
find_package(flue 0.1 REQUIRED)
flue_add_target(limiter SPEC /usr/share/doc/flue/examples/example SIMULATE)
END
cmake -S . -B build >/dev/null
cmake --build build >/dev/null
ctest --test-dir build

say "use: pkg-config"
flue generate /usr/share/doc/flue/examples/example --out made
echo '#include "limiter.h"
int main(void) { return limiter_status_name(LIMITER_STATUS_SUCCESS)[0] != '"'s'"'; }' >main.c
cc main.c made/*.c -Imade $(pkg-config --cflags --libs flue) -o main
./main

say "purge"
cd /
get purge flue libflue-dev flue-doc
! find /usr -path '*flue*' | grep . || { echo "that is left behind" >&2; exit 1; }
say "good: packages of Debian"
