# SPDX-License-Identifier: BSD-2-Clause
"""What a debug kernel has found, as the guest hands it over: its log, and kmemleak's list.

A race that KCSAN sees counts where one of the two accesses is made by the module. The kernel's own ones, which are
many by the strict rules, are counted only. All else counts, whoever is at fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LOG, LEAKS, MODULE = "log: ", "kmemleak: ", "[flue_nic]"
BEGINS = re.compile(
    r"(BUG: |WARNING: |Oops|ODEBUG: |ref_tracker: |INFO: trying to register|unregister_netdevice: waiting"
    r"|UBSAN: |Kernel panic|general protection fault|flue_nic: .* complaints (?!none)).*"
)
RACE = "BUG: KCSAN: "
LOOKS = {"kasan": ["kasan", "kmemleak", "lockdep", "objects"], "kcsan": ["kcsan"]}
CUT = "[ cut here ]"
LINES = 40  # of a report


@dataclass
class Report:
    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        return not self.title.startswith(RACE) or MODULE in self.title


def without_time(line: str) -> str:
    return re.sub(r"^\[ *[\d.]+\](\[[^]]*\])? ?", "", line)


def reports_of_log(lines: list[str]) -> list[Report]:
    """A report goes on until another one begins, or a line that is all of `=`. What a warning says by itself comes
    before its title, behind CUT."""
    out: list[Report] = []
    said: list[str] | None = None
    is_open = False
    for line in map(without_time, lines):
        begin = BEGINS.search(line)
        if begin:
            out.append(Report(begin[0], said or []))
            is_open, said = True, None
        elif CUT in line:
            said = []
        elif said is not None:
            said.append(line)
        elif is_open and re.fullmatch("=+", line):
            is_open = False
        elif is_open and len(out[-1].lines) < LINES:
            out[-1].lines.append(line)
    return out


def reports_of_leaks(lines: list[str]) -> list[Report]:
    out: list[Report] = []
    for line in lines:
        if line.startswith("unreferenced object"):
            out.append(Report("leak: " + line))
        elif out:
            out[-1].lines.append(line)
    return out


def read(lines: list[str]) -> list[Report]:
    """Of the guest's lines; what it said by itself on the console is in its log, too."""
    log = [line.removeprefix(LOG) for line in lines if line.startswith(LOG)]
    leaks = [line.removeprefix(LEAKS) for line in lines if line.startswith(LEAKS)]
    if not log:  # it died: what is on the console is all there is
        log = lines
    return reports_of_log(log) + reports_of_leaks(leaks)


def blind(kernel: str, lines: list[str]) -> list[str]:
    """What of a kernel has not looked to the end: not switched on, or given up."""
    return [name for name in LOOKS[kernel] if f"looks: {name}" not in lines]


def show(reports: list[Report]) -> None:
    for report in reports:
        if report.counts:
            print(f"# {report.title}")
            for line in report.lines:
                print(f"#     {line}")
    others = [report.title for report in reports if not report.counts]
    print(f"# {len(reports) - len(others)} findings; races of the kernel's own: {len(others)}")
