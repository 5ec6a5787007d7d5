# SPDX-License-Identifier: BSD-2-Clause
"""The probe of each step (USDT): its note is in the file, and a debugger that stops at it sees the records.

Skipped where the runtime was compiled without sys/sdt.h (Debian: systemtap-sdt-dev) or gdb is missing.
"""

import os
import re
import shutil
import subprocess

import pytest
from conftest import PROGRAMS

from flue.trace.file import read

READ = """
set width 0
set follow-fork-mode child
break -probe-stap flue:step
commands
silent
printf "step %lx %lx %lx %s\\n", $_probe_arg0, $_probe_arg1, $_probe_arg2, $_probe_arg3
continue
end
run --seed 20 --trace-file {}
"""


@pytest.fixture(scope="module")
def program():
    path = PROGRAMS / "simulate_limiter"
    if not path.exists() or not shutil.which("readelf"):
        pytest.skip("FLUE_SIMULATE names no program, or there is no readelf")
    notes = subprocess.run(["readelf", "-n", path], capture_output=True, text=True, check=True)
    if "stapsdt" not in notes.stdout:
        pytest.skip("the runtime was compiled without sys/sdt.h")
    return path, notes.stdout


def test_every_probe_has_a_name_and_four_words_of_eight_bytes(program):
    probes = re.findall(r"Provider: (\w+)\s+Name: (\w+)\s+.*\n\s+Arguments: (.*)", program[1])
    assert probes
    for provider, name, arguments in probes:
        assert (provider, name) == ("flue", "step")
        assert [re.match(r"-?(\d+)@", a)[1] for a in arguments.split()] == ["8"] * 4


def test_a_debugger_sees_what_is_recorded(program, tmp_path):
    if not shutil.which("gdb"):
        pytest.skip("no gdb is installed")
    path, script = tmp_path / "recorded", tmp_path / "script"
    script.write_text(READ.format(path), encoding="utf-8")
    command = ["gdb", "-nx", "-batch", "-x", script, program[0]]
    quiet = os.environ | {"DEBUGINFOD_URLS": ""}
    shown = subprocess.run(command, capture_output=True, text=True, env=quiet, timeout=600)
    if "ptrace: Operation not permitted" in shown.stderr:
        pytest.skip("nobody may be traced here")
    seen = re.findall(r"^step (\w+) (\w+) (\w+) limiter$", shown.stdout, re.MULTILINE)
    records = read(path.read_bytes()).records
    said = lambda r: r.request | r.what << 32 | r.operation << 40 | r.of << 48 | r.result << 56
    wanted = [(r.name, r.detail, said(r)) for r in records]
    assert [tuple(int(word, 16) for word in words) for words in seen] == wanted and len(seen) > 50
