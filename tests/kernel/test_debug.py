# SPDX-License-Identifier: BSD-2-Clause
"""debug.py's own: what counts of what a debug kernel says, and that each fault can be planted where it says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import debug
import debug_faults
import debug_kernel
import debug_reports

ROOT = Path(__file__).resolve().parents[2]
SAID = """ok 1 - pings
log: [    0.000000] Linux version 6.12.95
log: [   12.345678] kmemleak: Kernel memory leak detector initialized
log: [   20.100000][   T33] ==================================================================
log: [   20.100001][   T33] BUG: KCSAN: data-race in flue_poll [flue_nic] / device_take [flue_nic]
log: [   20.100002][   T33]
log: [   20.100003][   T33] write to 0xffff888003d1a0c0 of 8 bytes by interrupt on cpu 0:
log: [   20.100004][   T33] ==================================================================
log: [   20.200000] not of any report
log: [   21.100000] BUG: KCSAN: data-race in tick_sched_do_timer / tick_sched_do_timer
log: [   22.000000] WARNING: CPU: 1 PID: 99 at net/core/dev.c:1 f+0x1/0x2
log: [   23.000000] flue_nic: flue0 ends: requests 2, completed 2, SAs 0, entries 0, complaints none
kmemleak: unreferenced object 0xffff888003d1a000 (size 512):
kmemleak:   comm "ip", pid 77, jiffies 4294900000
"""


def test_what_counts_is_all_but_races_of_the_kernels_own():
    reports = debug_reports.read(SAID.splitlines())
    assert [(r.title.split(":")[0], r.counts) for r in reports] == [
        ("BUG", True), ("BUG", False), ("WARNING", True), ("leak", True),
    ]  # fmt: skip
    assert reports[0].lines[-1].startswith("write to") and len(reports[-1].lines) == 1


@pytest.mark.parametrize("kernel", debug_kernel.NAMES)
def test_what_has_not_looked_is_no_good_run(kernel):
    looks = debug_reports.LOOKS[kernel]
    said = [f"looks: {name}" for name in looks]
    assert not debug_reports.blind(kernel, said)
    for name in looks:
        assert debug_reports.blind(kernel, [s for s in said if not s.endswith(name)]) == [name]


def test_what_is_asked_for_is_what_the_guest_can_say():
    findings = (ROOT / "tests/kernel/guest/findings").read_text(encoding="utf-8")
    asked = sorted(name for names in debug_reports.LOOKS.values() for name in names)
    assert sorted(re.findall(r'echo "looks: (\w+)"', findings)) == asked


def test_races_are_looked_for_from_the_start():
    assert "kcsan.early_enable=1" in debug.WORDS


def test_what_a_warning_says_is_its_own_and_not_of_the_report_before():
    long = ["BUG: sleeping function called from invalid context"] + ["of a stack"] * 50
    said = ["------------[ cut here ]------------", "ipsec_complete: not in a task that may sleep"]
    reports = debug_reports.read([*long, *said, "WARNING: CPU: 0 PID: 81 at ipsec.c:2069"])
    assert reports[1].lines == ["ipsec_complete: not in a task that may sleep"]
    assert len(reports[0].lines) == debug_reports.LINES


def test_a_guest_that_died_left_its_console():
    said = ["ok 1 - pings", "[   30.1] BUG: KASAN: slab-use-after-free in end+0x1/0x2 [flue_nic]"]
    assert [report.title[:10] for report in debug_reports.read(said)] == ["BUG: KASAN"]


@pytest.mark.parametrize("name", debug_faults.FAULTS)
def test_a_fault_is_planted_and_taken_back(tmp_path, name):
    fault = debug_faults.FAULTS[name]
    folder = {"driver": "", "include": "include"}[Path(fault.file).parts[0]]
    source = ROOT / "drivers/linux_kernel" / folder / Path(fault.file).name
    place = tmp_path / fault.file
    place.parent.mkdir()
    place.symlink_to(source)
    with debug_faults.planted(tmp_path, fault):
        assert not place.is_symlink() and fault.new in place.read_text(encoding="utf-8")
    assert place.readlink() == source and fault.kernel in debug_kernel.NAMES


def is_there(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def test_a_run_that_is_killed_leaves_no_machine_behind(tmp_path):
    machine = tmp_path / "qemu-system-x86_64"
    machine.write_text("#!/bin/sh\necho $$\nexec sleep 60\n", encoding="utf-8")
    machine.chmod(0o755)
    asks = "import boot; from pathlib import Path; boot.boot(Path('x'), Path('x'), 1, [], 60)"
    with subprocess.Popen(
        [sys.executable, "-c", asks], cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    ) as run:  # fmt: skip
        assert run.stdout
        pid = int(run.stdout.readline())
        assert is_there(pid)
        run.kill()
    for _ in range(100):
        if not is_there(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    raise AssertionError("it goes on")


def test_a_kernel_is_known_by_its_options():
    kasan, kcsan = (debug_kernel.options(debug_kernel.fragments(k)) for k in ("kasan", "kcsan"))
    assert kasan["CONFIG_KASAN"] == kcsan["CONFIG_KCSAN"] == kasan["CONFIG_XFRM_USER"] == "y"
    assert "CONFIG_KASAN" not in kcsan and "CONFIG_KCSAN" not in kasan  # they exclude each other
