#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Every compiler of C that this release of Debian has: installs all versions of them, for x86-64, aarch64,
# riscv64 and Windows, compiles everything with each at every level, and runs the suites on other machines.
# As root, for a machine that is thrown away:
#
#     python3 tests/chroot/fresh.py --suite trixie --who root -- tests/compilers/debian.sh
#
# Some 4 GB, and an hour of two processors. What each compiler did is in build/fresh/trixie-root.log.
set -eu

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# Patterns are apt-get's own: all versions, whatever their numbers are.
apt-get install -q -y --no-install-recommends \
    gcc clang libc6-dev '^gcc-[0-9]+$' '^clang-[0-9]+$' gcc-mingw-w64-x86-64 \
    '^gcc-([0-9]+-)?(aarch64|riscv64)-linux-gnu$' libc6-dev-arm64-cross libc6-dev-riscv64-cross \
    qemu-user ragel python3-yaml python3-jinja2 python3-jsonschema

python3 tests/compilers/matrix.py
for level in -O0 -Og -O2 -O3 -Os; do
    python3 tests/compilers/elsewhere.py "$level"
done
