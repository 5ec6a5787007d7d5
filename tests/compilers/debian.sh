#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Every compiler of C that this release of Debian has: installs all versions of them, for x86-64, x86, aarch64,
# riscv64, Windows, Cortex-M and a big-endian machine, and musl; compiles everything with each at every level, and
# runs the suites as each has compiled them.
# As root, for a machine that is thrown away:
#
#     python3 tests/chroot/fresh.py --suite trixie --who root -- tests/compilers/debian.sh
#
# Some 4 GB, and an hour of two processors; with --short less of each, and a quarter of it. What each compiler did is in build/fresh/trixie-root.log.
set -eu

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends gcc
# Patterns are apt-get's own: all versions, whatever their numbers are.
apt-get install -q -y --no-install-recommends \
    clang libc6-dev '^gcc-[0-9]+$' '^clang-[0-9]+$' gcc-mingw-w64-x86-64 \
    '^gcc-([0-9]+-)?(aarch64|riscv64|s390x)-linux-gnu$' libc6-dev-arm64-cross libc6-dev-riscv64-cross \
    libc6-dev-s390x-cross musl-tools "gcc-$(gcc -dumpversion)-multilib" libc6-dev-i386 \
    gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-user qemu-system-arm wine64 \
    ragel python3-yaml python3-jinja2 python3-jsonschema

if [ "${1:-}" = --short ]; then
    python3 tests/compilers/matrix.py --short
    exec python3 tests/compilers/elsewhere.py --level=-O3
fi
python3 tests/compilers/matrix.py
for level in -O0 -Og -O2 -O3 -Os; do
    python3 tests/compilers/elsewhere.py "--level=$level"
done
