# SPDX-License-Identifier: BSD-2-Clause
"""./dev on machines of stubs: which python it takes, what it installs, and what it says."""

import os
import shutil
import subprocess

import pytest
from machine import MODULES, Machine

PACKAGES = sorted(f"python3-{m}" for m in MODULES)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def tells_the_story(machine, python):
    """The demo runs to its end, and one python did everything of it."""
    done = machine.dev("demo", "--short")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--build --preset default --target demo" in machine.calls("cmake"), "and no tests"
    assert "the ledger balances" in done.stdout and "command not found" not in done.stderr
    assert done.stdout.count("told by flue") == 1
    ran = [name for name in ("debian", "python3") for c in machine.calls(name) if "./flue" in c]
    assert ran == [os.path.basename(python)] * 2, "it draws and checks with the same python"
    assert f"--preset default -DFLUE_PYTHON={python}" in machine.calls("cmake")
    return done


def test_no_python_at_all(machine):
    done = tells_the_story(machine, machine.home / "debian")
    assert machine.installed() == sorted(["python3", *PACKAGES])
    assert "dev: not there: " in done.stdout and "python's yaml" in done.stdout, "it says why"


def test_a_part_is_in_the_first_and_nothing_in_debians(machine):
    """The way in which the first command once failed, with an empty command's name."""
    machine.python("first", ["jinja2", "yaml", "jsonschema"])
    machine.debian([])
    tells_the_story(machine, machine.home / "debian")
    assert machine.installed() == PACKAGES


def test_spread_over_several_pythons(machine):
    machine.python("one", ["jinja2", "yaml"])
    machine.python("two", ["jsonschema", "pytest"])
    machine.debian(["yaml"])
    tells_the_story(machine, machine.home / "debian")
    assert machine.installed() == [p for p in PACKAGES if p != "python3-yaml"]


def test_all_in_one_that_is_not_the_first(machine):
    machine.python("part", ["jinja2", "yaml", "jsonschema"])
    whole = machine.python("whole", MODULES)
    machine.debian([])
    tells_the_story(machine, whole)
    assert machine.installed() == []


def test_debians_is_taken_before_others(machine):
    machine.python("whole", MODULES)
    tells_the_story(machine, machine.debian(MODULES))


def test_a_broken_module_is_no_module(machine):
    machine.python("broken", ["jinja2", "jsonschema", "pytest"])
    machine.breaks("broken", "yaml", "half of it")
    machine.debian([])
    tells_the_story(machine, machine.home / "debian")


def test_a_module_that_stays_broken_is_named(machine):
    """A package cannot help where something else of that name comes first."""
    machine.debian(["jinja2", "jsonschema", "pytest"])
    machine.breaks("debian", "yaml", "no libyaml of mine")
    done = machine.dev("demo")
    assert done.returncode == 1
    assert f"{machine.home}/debian cannot import all that is needed" in done.stderr
    assert "no libyaml of mine" in done.stderr and "command not found" not in done.stderr
    assert machine.installed() == ["python3-yaml"], "it was tried"


def test_a_python_that_is_too_old(machine):
    old = 'case $1 in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac'
    machine.script(machine.home / "debian", old)
    done = machine.dev("demo")
    assert done.returncode == 1
    assert "debian is Python 3.9.2, but 3.10 or later is needed; FLUE_PYTHON may" in done.stderr
    assert machine.installed() == []


def test_a_named_python_is_taken_or_refused(machine):
    part, whole = machine.python("part", ["jinja2"]), machine.python("whole", MODULES)
    machine.debian(MODULES)
    machine.environment["FLUE_PYTHON"] = str(part)
    done = machine.dev("demo")
    assert (done.returncode, machine.installed()) == (1, [])
    assert f"FLUE_PYTHON: {part} cannot import all" in done.stderr
    assert "No module named 'yaml'" in done.stderr
    machine.environment["FLUE_PYTHON"] = "/nowhere/python3"
    assert "FLUE_PYTHON: there is no /nowhere/python3" in machine.dev("demo").stderr
    machine.environment["FLUE_PYTHON"] = str(whole)
    tells_the_story(machine, whole)


def test_a_named_python_is_relative_to_where_one_is(machine):
    whole = machine.python("whole", MODULES)
    machine.environment["FLUE_PYTHON"] = "whole/python3"
    assert machine.dev("build", cwd=machine.home).returncode == 0
    assert f"--preset default -DFLUE_PYTHON={whole}" in machine.calls("cmake")


def test_more_modules_may_need_another_python(machine):
    """The benchmark draws: one python that can draw and do the rest is taken from then on."""
    first = machine.debian(MODULES)
    whole = machine.python("whole", [*MODULES, "matplotlib"])
    steps = """set -euo pipefail
        . tests/house/packages.sh
        need $needs_build; echo "$python"
        need python3-matplotlib:python=matplotlib; echo "$python"
        need $needs_build; echo "$python"
    """
    done = machine.run(["bash", "-c", steps])
    assert done.stdout.split() == [str(first), str(whole), str(whole)], done.stderr


def test_nobody_who_may_install(machine):
    machine.user(1000)
    machine.without("ragel", "cc")
    done = machine.dev("demo")
    assert (done.returncode, machine.calls("apt-get")) == (1, [])
    last = done.stderr.splitlines()[-1]
    assert last.startswith("dev: as root: apt-get update; apt-get install ")
    assert sorted(last.split()[7:]) == sorted(["gcc", "ragel", "python3", *PACKAGES])


def test_sudo_is_taken_where_it_asks_nobody(machine):
    machine.user(1000, sudo="")
    tells_the_story(machine, machine.home / "debian")
    assert all("apt-get" in c or c == "-n true" for c in machine.calls("sudo"))
    assert len(machine.calls("sudo")) == 3


def test_sudo_that_wants_a_password_of_nobody(machine):
    machine.user(1000, sudo="[ $1 != -n ] || exit 1; echo password: ; exit 1")
    done = machine.dev("demo")
    assert (done.returncode, machine.calls("apt-get")) == (1, [])
    assert (
        "dev: as root: apt-get update; apt-get install " in done.stderr
        and "password" not in done.stdout
    )


def test_a_dead_source_stops_nothing(machine):
    (machine.home / "apt.update").write_text(
        "Hit: one\nE: The repository 'other' has no Release file.\n"
    )
    done = tells_the_story(machine, machine.home / "debian")
    warning = "dev: warning: apt-get update: E: The repository 'other' has no Release file."
    assert warning in done.stderr


def test_an_installation_that_fails_is_shown_whole(machine):
    (machine.home / "apt.fails").touch()
    (machine.home / "apt.update").write_text("E: The repository 'other' has no Release file.\n")
    done = machine.dev("demo")
    assert done.returncode == 100
    assert "E: no room" in done.stderr and "E: The repository 'other'" in done.stderr


def test_an_installation_that_brings_nothing(machine):
    machine.debian(MODULES)
    machine.without("ragel")
    (machine.home / "apt.brings-nothing").touch()
    done = machine.dev("demo")
    assert done.returncode == 1
    assert "dev: ragel is installed, but there is no ragel" in done.stderr


def test_no_apt(machine):
    machine.without("apt-get", "ragel")
    done = machine.dev("demo")
    assert done.returncode == 1
    assert "dev: please install: python3 ragel python3-jinja2" in done.stderr


def test_a_copied_checkout_is_built_itself(machine):
    python = machine.debian(MODULES)
    assert machine.dev("build").returncode == 0
    old, machine.checkout = machine.checkout, machine.home / "copy of it"
    shutil.copytree(old, machine.checkout)
    left = machine.checkout / "build" / "default" / "left"
    left.touch()
    done = machine.dev("build")
    assert done.returncode == 0
    assert f"dev: build/default was made for the checkout in {old}; it is made anew" in done.stdout
    cache = machine.checkout / "build" / "default" / "CMakeCache.txt"
    assert not left.exists() and str(machine.checkout) in cache.read_text()
    assert "made anew" not in machine.dev("build").stdout
    assert machine.calls("cmake").count(f"--preset default -DFLUE_PYTHON={python}") == 3


def test_a_preset_that_is_none(machine):
    machine.debian(MODULES)
    done = machine.dev("build", "default", "--help")
    assert (done.returncode, machine.calls("cmake")) == (1, [])
    assert "dev: there is no preset --help, only default debug" in done.stderr


def test_a_test_by_name_needs_what_the_build_needs(machine):
    machine.debian(MODULES)
    log = "12/80 Test: verify\nskipped: no spin (Debian: spin)\n"
    folder = "build/default/Testing/Temporary"
    machine.stub("ctest", f"mkdir -p {folder}; printf '{log}' >{folder}/LastTest.log")
    done = machine.dev("test", "verify", "demo")
    assert done.returncode == 0, done.stderr
    assert machine.installed() == []
    assert "-R verify|demo" in machine.calls("ctest")[0]
    assert "skipped, verify: no spin (Debian: spin)" in done.stdout


@pytest.mark.parametrize("git", ["none", "refuses", "around", "knows"])
def test_check_looks_at_all_sources_with_git_or_without(machine, git):
    """`git` may be missing, refuse a folder of somebody else, or know a folder around this one only."""
    machine.debian(MODULES)
    for tool in ("clang-format", "black"):
        machine.stub(tool)
    (machine.checkout / "one file.c").write_text("/* SPDX-License-Identifier: BSD-2-Clause */\n")
    if git == "refuses":
        machine.stub("git", "echo fatal: detected dubious ownership >&2; exit 128")
        (machine.checkout / ".git").mkdir()
    if git in ("around", "knows"):
        (machine.bin / "git").symlink_to(shutil.which("git") or pytest.skip("no git here"))
        folder = machine.checkout if git == "knows" else machine.home
        subprocess.run(["git", "init", "-q", folder], check=True)
    if git == "around":
        (machine.home / ".gitignore").write_text("*\n")
    done = machine.dev("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("check: good\n") and not done.stderr
    assert machine.calls("clang-format") == ["--dry-run -Werror one file.c"]
    assert "tests/house/rules.py" in machine.calls("black")[0]


def as_somebody_else():
    """Root may write everywhere, so it becomes nobody."""
    if os.getuid() != 0:
        return {}
    who = {"user": 65534, "group": 65534, "extra_groups": []}
    try:
        subprocess.run(["true"], check=True, **who)
    except OSError as error:
        pytest.skip(f"root may become nobody else here: {error}")
    return who


def for_everybody(folder):
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o777 if path.is_dir() else 0o444))


def test_a_build_folder_of_root_is_explained():
    machine = Machine()
    try:
        machine.script(machine.home / "debian", "exit 0")  # an interpreter may be out of reach
        for_everybody(machine.home)
        assert machine.dev("build", **as_somebody_else()).returncode == 0
        roots = machine.checkout / "build" / "default" / "roots"
        roots.mkdir()
        roots.chmod(0o555)
        done = machine.dev("build", **as_somebody_else())
        assert done.returncode == 1
        assert "dev: build/default/roots belongs to " in done.stderr
        assert f"sudo chown -R user0 '{machine.checkout}/build'" in done.stderr
    finally:
        shutil.rmtree(machine.home)
