#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes flue-specs-VERSION.vsix here: needs npm and a network to its registry.
set -eu
cd "$(dirname "$0")"
cp ../../LICENSE .
trap 'rm -f LICENSE' EXIT
npm ci --no-fund --no-audit
npm run package
ls ./*.vsix
