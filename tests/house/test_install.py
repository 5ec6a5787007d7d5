# SPDX-License-Identifier: BSD-2-Clause
"""./dev and what is missing, on machines of stubs: who is asked, what is installed, what is said."""

import pytest
from machine import MODULES, PACKAGES, ROOT, Machine, tells_the_story

TABLE = [line.split() for line in (ROOT / "tools" / "packages.txt").read_text().splitlines()]
BUILD = [words[1] for words in TABLE if words[:1] == ["build"]]
WANTS_A_PASSWORD = "[ $1 != -n ] || exit 1; echo password: ; exit 1"


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def lacking(machine):
    """A machine that has all but ragel."""
    machine.debian(MODULES)
    machine.without("ragel")
    return machine


def refused(machine, packages):
    """What is missing is named with the command that installs it, and nothing is installed."""
    done = machine.dev("demo")
    assert (done.returncode, machine.calls("apt-get"), machine.calls("cmake")) == (1, [], [])
    first, *named = done.stderr.splitlines()[-1].removeprefix("dev: as root: ").split()
    assert [first, *named[:3]] == ["apt-get", "update;", "apt-get", "install"]
    assert sorted(named[3:]) == sorted(packages)
    return done


def test_no_python_at_all(machine):
    """Nothing can look what else is missing: what each build needs comes along, in one question."""
    done = tells_the_story(machine, machine.home / "debian")
    assert machine.installed() == sorted(["python3", *BUILD])
    assert "dev: not there: a python that could run ./dev" in done.stdout


def test_some_python(machine):
    machine.python("bare", [])
    done = tells_the_story(machine, machine.home / "debian")
    assert machine.installed() == sorted(["python3", *PACKAGES])
    assert "dev: not there: " in done.stdout and "python's yaml" in done.stdout, "it says why"


def test_root_without_a_terminal_is_told_first(lacking):
    """As machines do that build: there is nobody to ask."""
    done = tells_the_story(lacking, lacking.home / "debian")
    lines = done.stdout.splitlines()
    assert lines[0] == "dev: not there: ragel"
    assert lines[1] == "dev: installing as root, there is nobody to ask: ragel"
    assert lines[2].endswith("s  install what is missing") and lacking.installed() == ["ragel"]


@pytest.mark.parametrize("answer", ["", "y", "Yes"])
def test_somebody_on_a_terminal_is_asked(lacking, answer):
    status, seen = lacking.typed(answer, "demo")
    assert "dev: not there: ragel\ndev: install ragel? [Y/n] " in seen
    assert (status, lacking.installed()) == (0, ["ragel"])
    assert "the ledger balances" in seen


@pytest.mark.parametrize("answer", ["n", "what?", "\x04"])
def test_somebody_on_a_terminal_does_not_want_it(lacking, answer):
    status, seen = lacking.typed(answer, "demo")
    assert (status, lacking.calls("apt-get"), lacking.calls("cmake")) == (1, [], [])
    assert seen.endswith("dev: as root: apt-get update; apt-get install ragel\n")


def test_somebody_on_a_bare_machine_is_asked_once(machine):
    status, seen = machine.typed("y", "demo")
    assert status == 0 and seen.count("[Y/n]") == 1 and "the ledger balances" in seen
    assert machine.installed() == sorted(["python3", *BUILD])


def test_somebody_on_a_bare_machine_does_not_want_it(machine):
    status, seen = machine.typed("n", "demo")
    assert (status, machine.calls("apt-get")) == (1, [])
    assert f"dev: as root: apt-get update; apt-get install python3 {' '.join(BUILD)}\n" in seen


@pytest.mark.parametrize("where", ["before", "behind", "CI"])
def test_who_has_said_yes_is_not_asked(lacking, where):
    if where == "CI":
        lacking.environment["CI"] = "true"
    words = {"before": ["--yes", "demo"], "behind": ["demo", "--yes"], "CI": ["demo"]}[where]
    said = "CI=true" if where == "CI" else "--yes"
    status, seen = lacking.typed("n", *words)
    assert status == 0 and "[Y/n]" not in seen and lacking.installed() == ["ragel"]
    assert f"dev: not there: ragel\ndev: installing, as {said} says: ragel\n" in seen


def test_the_answer_goes_no_further(machine):
    """--yes is for ./dev alone; what it runs knows no such option."""
    machine.debian(MODULES)
    demo = machine.checkout / "build/default/tests/demo/demo"
    machine.stub(
        "cmake", f"mkdir -p {demo.parent}; printf '#!/bin/sh\necho got $*' >{demo}; chmod +x {demo}"
    )
    assert "got --short\n" in machine.dev("demo", "--yes", "--short").stdout


def test_the_word_packages_is_an_answer(machine):
    machine.debian(MODULES)
    status, seen = machine.typed("n", "packages")
    assert "[Y/n]" not in seen and {"clang-format", "valgrind", "spin"} < set(machine.installed())
    assert status == 0 and seen.endswith("all packages are there\n"), seen


def test_nobody_who_may_install(machine):
    machine.user(1000)
    machine.without("ragel", "cc")
    refused(machine, ["python3", *BUILD])
    machine.python("bare", [])
    refused(machine, ["gcc", "ragel", "python3", *PACKAGES])


def test_nobody_to_ask_who_has_sudo(lacking):
    lacking.user(1000, sudo="")
    done = refused(lacking, ["ragel"])
    assert "dev: there is nobody to ask; --yes or CI=true installs by sudo" in done.stderr


def test_sudo_is_taken_where_it_asks_nobody(machine):
    machine.user(1000, sudo="")
    machine.environment["CI"] = "true"
    tells_the_story(machine, machine.home / "debian")
    assert all("apt-get" in c or c == "-n true" for c in machine.calls("sudo"))
    assert len(machine.calls("sudo")) == 3


def test_sudo_that_wants_a_password_of_nobody(machine):
    machine.user(1000, sudo=WANTS_A_PASSWORD)
    machine.environment["CI"] = "true"
    done = refused(machine, ["python3", *BUILD])
    assert "password" not in done.stdout


def test_sudo_may_want_a_password_of_somebody(lacking):
    lacking.user(1000, sudo="case $1 in -n) exit 1 ;; -v) echo password:; exit ;; esac")
    status, seen = lacking.typed("y", "demo")
    assert status == 0 and "password:" in seen and lacking.installed() == ["ragel"]


def test_a_dead_source_stops_nothing(machine):
    (machine.home / "apt.update").write_text(
        "Hit: one\nE: The repository 'other' has no Release file.\n"
    )
    done = tells_the_story(machine, machine.home / "debian")
    warning = "dev: warning: apt-get update: E: The repository 'other' has no Release file."
    assert warning in done.stderr


@pytest.mark.parametrize("bare", [True, False])
def test_an_installation_that_fails_is_shown_whole(machine, bare):
    (machine.home / "apt.fails").touch()
    (machine.home / "apt.update").write_text("E: The repository 'other' has no Release file.\n")
    if not bare:
        machine.debian([])
    done = machine.dev("demo")
    assert done.returncode == 100
    assert "E: no room" in done.stderr and "E: The repository 'other'" in done.stderr


def test_an_installation_that_brings_nothing(machine):
    (machine.home / "apt.brings-nothing").touch()
    done = machine.dev("demo")
    assert done.returncode == 1
    assert f"dev: python3 is installed, but there is no {machine.home}/debian" in done.stderr
    machine.debian(MODULES)
    machine.without("ragel")
    done = machine.dev("demo")
    assert done.returncode == 1
    assert "dev: ragel is installed, but there is no ragel" in done.stderr


def test_no_apt(machine):
    machine.without("apt-get", "ragel")
    done = machine.dev("demo")
    assert done.returncode == 1
    assert f"dev: please install: python3 {' '.join(BUILD)} (names as in Debian)" in done.stderr
    machine.python("bare", [])
    done = machine.dev("demo")
    assert done.returncode == 1
    assert "dev: please install: python3 ragel python3-jinja2" in done.stderr


def test_what_needs_nothing_installs_nothing(machine):
    """Neither the words nor one that is mistyped need a python."""
    assert machine.dev().stdout == machine.dev("--help").stdout
    assert machine.dev("help").stdout.startswith("usage: ./dev COMMAND")
    done = machine.dev("dmeo")
    assert done.returncode == 2 and done.stderr.startswith("usage: ./dev COMMAND")
    assert machine.calls("apt-get") == []
