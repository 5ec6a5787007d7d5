#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# install.sh WHY PACKAGE...: says what is missing, asks whoever is there, and installs it.
#
# Nothing is installed unasked, except where that is said beforehand (--yes, which sets FLUE_YES, or CI=true)
# or where root works without a terminal, as machines do. Else the command is named that installs it.
set -uo pipefail
why=$1
shift

die() {
    printf 'dev: %s\n' "$1" >&2
    exit "${2:-1}"
}

somebody_is_there() { [ -t 0 ] && [ -t 2 ]; }

# A password can be typed by somebody who is there, and is not waited for where CI is set.
may_become_root() {
    [ ${#sudo[@]} -eq 0 ] || sudo -n true 2>/dev/null || { somebody_is_there && [ -z "${CI:-}" ] && sudo -v; }
}

may_install() {
    local answer
    if [ -n "${FLUE_YES:-}" ]; then
        may_become_root && echo "dev: installing, as --yes says: $*"
    elif [ -n "${CI:-}" ]; then
        may_become_root && echo "dev: installing, as CI=$CI says: $*"
    elif somebody_is_there; then
        read -rp "dev: install $*? [Y/n] " answer && [[ $answer =~ ^([Yy].*)?$ ]] && may_become_root
    elif [ ${#sudo[@]} -eq 0 ]; then
        echo "dev: installing as root, there is nobody to ask: $*"
    else
        echo "dev: there is nobody to ask; --yes or CI=true installs by sudo" >&2
        return 1
    fi
}

# A source that is dead says nothing about packages of the others: only the installation can fail.
install_packages() {
    local said apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
    said=$("${apt[@]}" update 2>&1) || update_said=$(grep '^E: ' <<<"$said" || tail -n 1 <<<"$said")
    echo "$said"
    "${apt[@]}" install -y --no-install-recommends "$@"
}

echo "dev: not there: $why"
command -v apt-get >/dev/null || die "please install: $* (names as in Debian)"
by_hand="as root: apt-get update; apt-get install $*"
sudo=()
update_said=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "$by_hand"
    sudo=(sudo)
fi
may_install "$@" || die "$by_hand"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
[ ! -t 1 ] || printf '   ... install what is missing'
install_packages "$@" >"$log" 2>&1 </dev/null || status=$?
[ ! -t 1 ] || printf '\r\033[K'
if [ $status -ne 0 ]; then
    cat "$log" >&2
    die "failed: installing $*" $status
fi
printf '%4ds  install what is missing\n' $SECONDS
[ -z "$update_said" ] || printf 'dev: warning: apt-get update: %s\n' "$update_said" >&2
