# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2046,SC2086
#
# What ./dev needs, which python it works with, and how both get there. Sourced by ./dev.
#
# One python does everything, so it must have all modules at once. Everything is known by a sign of
# it, without asking dpkg, so that other systems do; and looked for again after an installation.

# Package and sign.
needs_build="gcc:cc libc6-dev:/usr/include/stdio.h cmake:cmake ninja-build:ninja pkg-config:pkg-config
    ragel:ragel check:pkg-config=check libjansson-dev:pkg-config=jansson graphviz:dot
    python3-jinja2:python=jinja2 python3-yaml:python=yaml python3-jsonschema:python=jsonschema
    python3-pytest:python=pytest"
needs_test="clang:clang valgrind:valgrind spin:spin gcovr:gcovr"
needs_rocker="qemu-system-x86:qemu-system-x86_64"
needs_bench="valgrind:valgrind g++:c++ libboost-dev:/usr/include/boost/msm/back/state_machine.hpp
    python3-matplotlib:python=matplotlib"
needs_root="mmdebstrap:mmdebstrap" # for tests that only root can do
needs_format="clang-format:clang-format black:black"

debian_python=${FLUE_DEBIAN_PYTHON:-/usr/bin/python3} # the one whose modules are packages
modules=()                                            # what a python must have; grows during a run
python=                                               # the one that has them

die() {
    printf 'dev: %s\n' "$1" >&2
    exit 1
}

# lacks PYTHON MODULE...: those it cannot import, a line each; all of them if it is none, or too old.
lacks() {
    "$1" -c 'import sys
if sys.version_info < (3, 10):
    sys.exit(1)
for name in sys.argv[1:]:
    try:
        __import__(name)
    except Exception:
        print(name)' "${@:2}" 2>/dev/null || printf '%s\n' "${@:2}"
}

# Who names a python gets that one or no other; else it is Debian's, else any in PATH.
candidates() {
    if [ -n "${FLUE_PYTHON:-}" ]; then
        command -v "$FLUE_PYTHON" || true
    else
        echo "$debian_python"
        type -ap python3 || true
    fi
}

choose_python() {
    local candidate
    while read -r candidate; do
        if [ -z "$(lacks "$candidate" "${modules[@]}")" ]; then
            python=$candidate
            return
        fi
    done < <(candidates)
    return 1
}

# want MODULE...: the python chosen so far need not be the one for more modules.
want() {
    local module
    for module in "$@"; do
        if [[ " ${modules[*]} " != *" $module "* ]]; then
            modules+=("$module")
            python=
        fi
    done
}

# Why PYTHON does not do; a module may be there and broken, which its own words tell best.
why_not() {
    if ! command -v "$1" >/dev/null; then
        echo "there is no $1"
    elif ! "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        echo "$1 is $("$1" --version 2>&1 | tail -n 1), but 3.10 or later is needed"
    else
        echo "$1 cannot import all that is needed (${modules[*]}):" \
            "$("$1" -c "import $(IFS=,; echo "${modules[*]}")" 2>&1 | tail -n 1)"
    fi
}

# Packages are for Debian's python only, and do not make it newer.
packages_must_help() {
    if [ -n "${FLUE_PYTHON:-}" ] && ! [ "$(command -v "$FLUE_PYTHON")" -ef "$debian_python" ]; then
        die "FLUE_PYTHON: $(why_not "$FLUE_PYTHON")"
    fi
    if [ -x "$debian_python" ] && [[ $(why_not "$debian_python") == *"or later is needed" ]]; then
        die "$(why_not "$debian_python"); FLUE_PYTHON may name another"
    fi
}

has_fuzzer() {
    echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n > 1u << 31; }' |
        clang -x c -fsanitize=fuzzer - -o /dev/null 2>/dev/null
}

is_there() {
    case $1 in
    /*) [ -e "$1" ] ;;
    python=*) [ -n "$python" ] || [ -z "$(lacks "$debian_python" "${1#*=}")" ] ;;
    fuzzer) has_fuzzer ;;
    pkg-config=*) command -v pkg-config >/dev/null && pkg-config --exists "${1#*=}" ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

in_words() {
    case $1 in
    python=*) echo "python's ${1#*=}" ;;
    fuzzer) echo "clang's libFuzzer" ;;
    pkg-config=*) echo "${1#*=}.pc" ;;
    *) echo "$1" ;;
    esac
}

# need PACKAGE:SIGN...: says what is not there, installs it, and sees whether it is there then.
need() {
    local entry packages=() signs=""
    for entry in "$@"; do
        [[ $entry != *:python=* ]] || want "${entry#*=}"
    done
    [ -n "$python" ] || choose_python || packages_must_help
    [ -n "$python" ] || [ -x "$debian_python" ] || set -- "python3:$debian_python" "$@"
    for entry in "$@"; do
        if ! is_there "${entry#*:}"; then
            packages+=("${entry%%:*}")
            signs+=", $(in_words "${entry#*:}")"
        fi
    done
    [ ${#packages[@]} -gt 0 ] || [ -z "$python" ] || return 0
    [ ${#packages[@]} -eq 0 ] || install "${signs#, }" "${packages[@]}"
    [ -n "$python" ] || choose_python || die "$(why_not "$debian_python")"
    for entry in "$@"; do
        is_there "${entry#*:}" || die "${entry%%:*} is installed, but there is no $(in_words "${entry#*:}")"
    done
}

# Debian has clang's libFuzzer in a package of its own, named after the version.
need_fuzzer() {
    need clang:clang
    need "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev:fuzzer"
}

# Where clang is not there yet, apt may know which version it would be.
fuzzer_entry() {
    local version
    version=$(clang -dumpversion 2>/dev/null | cut -d. -f1) ||
        version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p') || true
    [ -z "$version" ] || echo "libclang-rt-$version-dev:fuzzer"
}

# need_all ENTRY...: at once as far as possible, for those who must ask somebody.
need_all() {
    local more=""
    [ "$(id -u)" -ne 0 ] || more=$needs_root
    need $needs_build $needs_test $needs_rocker $more $(fuzzer_entry) "$@"
    need_fuzzer
}

# install WHY PACKAGE...
install() {
    local why=$1 as_root=() update_said=""
    shift
    echo "dev: not there: $why"
    command -v apt-get >/dev/null || die "please install: $* (names as in Debian)"
    if [ "$(id -u)" -ne 0 ]; then
        may_sudo || die "as root: apt-get update; apt-get install $*"
        as_root=(sudo)
    fi
    quietly "installing $*" install_packages "$@"
    hash -r
    [ -z "$update_said" ] || printf 'dev: warning: apt-get update: %s\n' "$update_said" >&2
}

# Somebody must be there to type a password.
may_sudo() {
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return
    [ -t 0 ] && [ -z "${CI:-}" ] && sudo -v
}

# A source that is dead says nothing about packages of the others: only the installation can fail.
install_packages() {
    local said apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
    said=$("${apt[@]}" update 2>&1) || update_said=$(grep '^E: ' <<<"$said" || tail -n 1 <<<"$said")
    echo "$said"
    "${apt[@]}" install -y --no-install-recommends "$@"
}
