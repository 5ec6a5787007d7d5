# SPDX-License-Identifier: BSD-2-Clause
"""flue_nic.ko in a kernel that looks for faults by itself: the checks of run.py, and then what it has found.

    debug.py kasan|kcsan --build BUILD [--kernel NAME] [--cache DIR] [--jobs N] [--only CHECK[,CHECK...]]
    debug.py faults --build BUILD ... [--fault NAME]

kasan has KASAN, lockdep, DEBUG_ATOMIC_SLEEP, kmemleak and trackers of references; kcsan finds data races. `faults` plants
one fault after the other in the module, and each has to be found. By hand: the first run builds a kernel from Debian's
package of sources into the cache (some 1,000 files, 3 GB).
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import boot
import debian
import debug_faults
import debug_kernel
import debug_reports
import run

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "codegen"))
from flue.ranges import JOBS  # noqa: E402

SECONDS = 3600  # for what hangs
MEGABYTES = {"kasan": 1024, "kcsan": 512}
# A guest that is emulated on a busy machine stands still longer than RCU expects of a processor.
WORDS = ["findings=1", "log_buf_len=8M", "rcupdate.rcu_cpu_stall_suppress=1", "scale=20",
         "kcsan.early_enable=1", "kcsan.udelay_task=1000", "kcsan.udelay_interrupt=200"]  # fmt: skip


class Debugged:
    """A debug kernel, and the module that is built against it."""

    def __init__(self, a: argparse.Namespace, name: str) -> None:
        self.name, self.build = name, a.build.absolute()
        self.kernel = debug_kernel.fetch(a.cache.absolute(), *run.KERNELS[a.kernel], name, a.jobs)
        self.place = self.build / "kernel" / name
        self.place.mkdir(parents=True, exist_ok=True)
        self.staged = self.build / f"drivers/linux_kernel/flue_nic_{name}"
        self.use_headers()
        self.module = run.build_module(self.build, name)
        self.first = run.build_module(self.build, name, "first")

    def use_headers(self) -> None:
        """What was compiled for another kernel is not used."""
        link = self.place / "headers"
        if not link.is_symlink() or link.readlink() != self.kernel.headers:
            link.unlink(missing_ok=True)
            link.symlink_to(self.kernel.headers)
            for staged in self.staged, self.staged.with_name(f"first_{self.name}"):
                shutil.rmtree(staged, ignore_errors=True)

    def play(self, module: Path, only: str) -> tuple[bool, list[debug_reports.Report]]:
        initrd = self.place / "initrd.cpio"
        run.make_image(self.build, initrd, self.kernel, [module, self.first])
        words = WORDS + ([f"only={only}"] if only else [])
        khz, begin = run.clock_khz(self.build), time.monotonic()
        lines, status = boot.boot(
            self.kernel.image, initrd, khz, words, SECONDS, MEGABYTES[self.name]
        )
        (self.place / "console.log").write_text("\n".join(lines), encoding="utf-8")
        reports = debug_reports.read(lines)
        blind = debug_reports.blind(self.name, lines)
        good = run.verdict(lines, status) and not blind
        debug_reports.show(reports)
        if blind:
            print(f"# has not looked: {', '.join(blind)}")
        print(f"# {self.name}: {(time.monotonic() - begin) / 60:.1f} minutes", flush=True)
        return good, reports


def check(a: argparse.Namespace) -> int:
    debugged = Debugged(a, a.what)
    good, reports = debugged.play(debugged.module, a.only)
    return 0 if good and not any(report.counts for report in reports) else 1


def is_found(debugged: Debugged, fault: debug_faults.Fault) -> bool:
    with debug_faults.planted(debugged.staged, fault):
        module = debug_faults.rebuild(debugged.kernel.headers, debugged.staged)
        reports = debugged.play(module, fault.only)[1]
    texts = ("\n".join([report.title, *report.lines]) for report in reports if report.counts)
    return any(fault.finding in text for text in texts)


def find_faults(a: argparse.Namespace) -> int:
    names = [a.fault] if a.fault else list(debug_faults.FAULTS)
    kernels = {debug_faults.FAULTS[name].kernel for name in names}
    debugged = {kernel: Debugged(a, kernel) for kernel in sorted(kernels)}
    found = {}
    for name in names:
        fault = debug_faults.FAULTS[name]
        print(f"# plant {name}, in {fault.file}", flush=True)
        found[name] = is_found(debugged[fault.kernel], fault)
    for name, is_so in found.items():
        print(f"{'found' if is_so else 'MISSED'} {name}: {debug_faults.FAULTS[name].finding}")
    return 0 if all(found.values()) else 1


def default_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "flue/kernel"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=[*debug_kernel.NAMES, "faults"])
    parser.add_argument("--build", type=Path, required=True, help="folder of a build of flue")
    parser.add_argument("--kernel", choices=run.KERNELS, default="backports", help="whose sources")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="%(default)s")
    parser.add_argument("--jobs", type=JOBS, default=os.cpu_count(), help="of make: %(default)s")
    parser.add_argument("--only", default="", help="checks whose names begin so; with commas")
    parser.add_argument("--fault", choices=debug_faults.FAULTS, help="of `faults`: this one")
    a = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a fault is taken back
    try:
        run.need_machine()
        return find_faults(a) if a.what == "faults" else check(a)
    except debian.Missing as why:
        print(f"not to be had here: {why}", file=sys.stderr)
        return run.SKIPPED


if __name__ == "__main__":
    sys.exit(main())
