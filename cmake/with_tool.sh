#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# with_tool.sh TOOL COMMAND...: the command, or the reason why not, and the status of a skipped test.
tool=$1
shift
if ! command -v "$tool" >/dev/null; then
    echo "skipped: there is no $tool (./dev packages installs it)"
    exit 77
fi
exec "$@"
