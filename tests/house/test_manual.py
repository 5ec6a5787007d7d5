# SPDX-License-Identifier: BSD-2-Clause
"""Man pages and completions: each command has one, and mandoc, bash and zsh find nothing wrong."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from flue import usage

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    not (shutil.which("help2man") and find_spec("shtab")), reason="needs help2man and shtab"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("manual")
    subprocess.run([sys.executable, ROOT / "tools/manual.py", "--out", folder], check=True)
    return folder


def commands():
    listed = re.search(
        r"^  COMMAND\n(.*?)\n\n", usage.parser().format_help(), re.MULTILINE | re.DOTALL
    )
    return re.findall(r"^    (\w+) ", listed[1], re.MULTILINE)


def test_each_command_has_a_page(made):
    pages = {p.name for p in made.glob("*.1")}
    assert "check" in commands() and pages == {"flue.1", *(f"flue-{x}.1" for x in commands())}
    page = (made / "flue-check.1").read_text()
    assert ".SH SYNOPSIS\nflue check [" in page and ".BR flue (1)" in page
    assert all("exit status: 0 " in p.read_text() for p in made.glob("*.1"))


@pytest.mark.skipif(not shutil.which("mandoc"), reason="needs mandoc")
def test_mandoc_finds_nothing_wrong(made):
    command = ["mandoc", "-T", "lint", "-W", "warning", *sorted(made.glob("*.1"))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_bash_completes_commands_and_options(made):
    def completed(*words):
        script = f"source '{made}/flue.bash'; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}"
        script += '; _shtab_flue; printf "%s\\n" "${COMPREPLY[@]}"'
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout.split()

    assert completed("flue", "ch") == ["check"]
    assert "--suite" in completed("flue", "generate", "--s")


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
def test_zsh_reads_its_completion(made):
    subprocess.run(["zsh", "-n", made / "_flue"], check=True)


# A zsh on a terminal of its own, since completion is the line editor's; ^X says what the line is.
TYPED = r"""zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; bindkey '^I' complete-word
say() { print -r \"[\$BUFFER]\" }; zle -N say; bindkey '^X' say; print rea''dy"
until_seen() { local part said; while zpty -r z part; do said+=$part; [[ $said == *"$1"* ]] && return; done; exit 1 }
until_seen ready
zpty -w -n z $'flue che\t\C-x'; until_seen '[flue check ]'
zpty -w -n z $'--js\t\t\C-x'; until_seen '[flue check --json ]'"""


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
def test_zsh_completes_commands_and_options(made):
    subprocess.run(["zsh", "-f", "-c", TYPED, "zsh", made], check=True, timeout=600)
