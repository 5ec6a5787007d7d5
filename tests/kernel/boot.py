# SPDX-License-Identifier: BSD-2-Clause
"""One boot in QEMU, without hardware support: what the guest says, and its exit status."""

from __future__ import annotations

import subprocess
from pathlib import Path

# -cx16: QEMU 7.2 and later kernels do not go together with it.
MACHINE = ("-M pc -accel tcg,thread=multi -cpu qemu64,-cx16 -smp 2,sockets=2 -nodefaults -display none -no-reboot"
           " -serial stdio -device isa-debug-exit,iobase=0xf4,iosize=1").split()  # fmt: skip
WORDS = ("console=ttyS0 quiet panic=-1 oops=panic mitigations=off nokaslr tsc=reliable no_timer_check"
         " cryptomgr.notests rdinit=/init").split()  # fmt: skip

# When this process ends, however it does, `timeout` ends, and then QEMU.
GOES_TOO = "setpriv --pdeathsig KILL".split()


def boot(
    kernel: Path, initrd: Path, khz: int, words: list[str], seconds: int, megabytes: int = 256
) -> tuple[list[str], int | None]:
    """Prints what the guest says while it does; its lines and exit status. None: it did not end by itself."""
    append = " ".join([*WORDS, f"tsc_early_khz={khz}", *words])
    command = [*GOES_TOO, "timeout", str(seconds), *GOES_TOO, "qemu-system-x86_64", *MACHINE,
               "-m", str(megabytes), "-kernel", str(kernel), "-initrd", str(initrd), "-append", append]  # fmt: skip
    lines = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            lines.append(line.strip("\r\n"))
            print(lines[-1], flush=True)
    status = process.returncode
    return lines, status >> 1 if status & 1 else None
