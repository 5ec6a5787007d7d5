# SPDX-License-Identifier: BSD-2-Clause
"""./dev on machines of stubs: which python it takes, what it builds, and what it says."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from machine import MODULES, PACKAGES, ROOT, Machine, tells_the_story


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


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
    steps = """
import sys
sys.path.insert(0, "tools")
import packages as p
print(p.need_for(), p.need(p.Need("python3-matplotlib", "python=matplotlib")), p.need_for())
"""
    done = machine.run([str(whole), "-B", "-c", steps])
    assert done.stdout.split() == [str(first), str(whole), str(whole)], done.stderr


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
    log = "12/80 Test: verify\nskipped: no spin (Debian: spin)\n13/80 Test: trace\n"
    log += "".join(f"SKIPPED [1] test_trace.py:{line}: no gdb: here\n" for line in (7, 9))
    folder = "build/default/Testing/Temporary"
    machine.stub("ctest", f"mkdir -p {folder}; printf '{log}' >{folder}/LastTest.log")
    done = machine.dev("test", "verify", "demo")
    assert done.returncode == 0, done.stderr
    assert machine.installed() == []
    assert "-R verify|demo" in machine.calls("ctest")[0]
    assert "skipped, verify: no spin (Debian: spin)" in done.stdout
    assert done.stdout.count("skipped, trace: no gdb: here") == 1


def test_the_words_that_are_told_are_the_words_that_are_known(machine):
    told = re.findall(r"^  (\w+) ", machine.dev("--help").stdout, re.MULTILINE)
    text = (ROOT / "tools" / "dev.py").read_text(encoding="utf-8")
    assert list(dict.fromkeys(told)) == re.findall(r'^    "(\w+)": ', text, re.MULTILINE)


def test_a_build_that_fails_is_shown_whole(machine):
    machine.debian(MODULES)
    machine.stub("cmake", "echo the reason; exit 3")
    done = machine.dev("build", "asan", "default")
    assert done.returncode == 3 and machine.calls("cmake")[0].startswith("--preset asan ")
    assert (
        done.stderr == "the reason\ndev: failed: build asan\n" and len(machine.calls("cmake")) == 1
    )


def test_an_interrupted_command_may_clean_up(machine):
    """Ctrl-C reaches all who are at work; ./dev goes last, and begins nothing more."""
    machine.debian(MODULES)
    begun, cleaned = machine.home / "begun", machine.home / "cleaned"
    trap = f"trap 'sleep 0.5; touch {cleaned}; exit 0' INT; touch {begun}"
    machine.stub("cmake", f"{trap}; while :; do sleep 0.1; done")
    process = machine.begin("build")
    while not begun.exists():
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, cleaned.exists()) == (130, True)
    assert len(machine.calls("cmake")) == 1 and errors == ""


def test_every_test_is_seen_as_it_goes_and_summed_up(machine):
    """All of ./dev test, with stubs: which presets are built, which tests run how, what is said last."""
    machine.debian(MODULES)
    tools = "clang valgrind help2man mandoc node gdb gcovr spin qemu-system-x86_64 ip curl socat tcpdump"
    tools += " x86_64-w64-mingw32-gcc nvim sparse zsh chromium chromedriver"
    for tool in (*tools.split(), "mmdebstrap"):
        machine.stub(tool)
    machine.stub("setarch", "exit 1")
    machine.stub(
        "ctest", "echo 99% tests passed, 1 tests failed out of 100; [ $2 != default ] || exit 8"
    )
    done = machine.dev("test")
    assert done.returncode == 8, done.stdout + done.stderr
    built = [c.split()[2] for c in machine.calls("cmake") if c.startswith("--build")]
    assert built == ["asan", "tsan", "coverage", "default"]
    run = [c.split()[1] for c in machine.calls("ctest")]
    assert run in (["asan", "coverage", "default"], ["asan", "tsan", "coverage", "default"])
    assert ("skipped, tests under ThreadSanitizer: addresses" in done.stdout) == ("tsan" not in run)
    summary = "99% tests passed, 1 tests failed out of 100\n"
    assert done.stdout.count(summary) == 2 and done.stdout.endswith("\n" + summary)


@pytest.mark.parametrize("git", ["none", "refuses", "around", "knows"])
def test_check_looks_at_all_sources_with_git_or_without(machine, git):
    """`git` may be missing, refuse a folder of somebody else, or know a folder around this one only."""
    machine.debian(MODULES)
    for tool in ("clang-format", "black", "pyflakes3", "mypy"):
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
    for tool in ("black", "pyflakes3"):
        assert "tests/house/rules.py" in machine.calls(tool)[0], tool
    assert machine.calls("mypy") == [""], "pyproject.toml says what it is to look at"


@pytest.mark.parametrize("tool", ["clang-format", "black", "pyflakes3", "mypy"])
def test_a_finding_of_any_tool_fails_the_check(machine, tool):
    machine.debian(MODULES)
    for other in ("clang-format", "black", "pyflakes3", "mypy"):
        machine.stub(other, "exit 1" if other == tool else "")
    (machine.checkout / "one.c").write_text("/* SPDX-License-Identifier: BSD-2-Clause */\n")
    assert machine.dev("check").returncode == 1


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


def in_reach_of(who):
    """An interpreter that they may run, who may not look into every home."""
    for python in (sys.executable, shutil.which("python3", path=os.defpath)):
        try:
            subprocess.run([python or "", "-c", "import subprocess"], check=True, **who)
            return python
        except (OSError, subprocess.CalledProcessError):
            continue
    return pytest.skip("there is no python for everybody here")


def for_everybody(folder):
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o777 if path.is_dir() else 0o444))


def test_a_build_folder_of_root_is_explained():
    machine = Machine()
    try:
        who = as_somebody_else()
        run = f'case $2 in *__import__*) ;; *) exec {in_reach_of(who)} "$@" ;; esac'
        machine.script(machine.home / "debian", run)
        for_everybody(machine.home)
        assert machine.dev("build", **who).returncode == 0
        roots = machine.checkout / "build" / "default" / "roots"
        roots.mkdir()
        roots.chmod(0o555)
        done = machine.dev("build", **who)
        assert done.returncode == 1
        assert "dev: build/default/roots belongs to " in done.stderr
        assert f"sudo chown -R user0 '{machine.checkout}/build'" in done.stderr
    finally:
        shutil.rmtree(machine.home)
