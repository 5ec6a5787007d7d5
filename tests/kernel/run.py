# SPDX-License-Identifier: BSD-2-Clause
"""Debian's kernel in QEMU, with flue_nic.ko: all checks in one boot, each a line.

    run.py --build BUILD [--kernel NAME] [--demo | --only CHECK]

NAME is a line of KERNELS. What is missing is a reason to skip (exit status 77). The first run downloads some 40 MB.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import boot
import debian
import image

HERE = Path(__file__).resolve().parent
SKIPPED = 77
SECONDS = 900  # for what hangs

# By suite, and what else of it. A newer kernel does what only a newer ip can ask for.
KERNELS: dict[str, tuple[str, list[str]]] = {
    "stable": ("", []),
    "backports": ("-backports", ["iproute2"]),
}


# The page's example is built where nobody waits for it.
MODULES = {"stable": ["flue_nic"], "backports": ["flue_nic", "first"]}


def need_machine() -> None:
    if platform.machine() != "x86_64":
        raise debian.Missing("the module is built for x86-64, which this machine is not")
    for tool in ("qemu-system-x86_64", "make", "ip", "tc"):
        if not shutil.which(tool, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
            raise debian.Missing(f"no {tool} here")


def build_module(build: Path, name: str, module: str = "flue_nic") -> Path:
    """Its target is named after the kernel: drivers/linux_kernel/CMakeLists.txt."""
    print(f"# build {module}.ko", flush=True)
    log, target = build / f"kernel/{name}/{module}.log", f"{module}_{name}"
    with open(log, "w", encoding="utf-8") as to:
        done = subprocess.run(
            ["cmake", "--build", str(build), "--target", target],
            stdout=to, stderr=to, check=False,
        )  # fmt: skip
    text = log.read_text(encoding="utf-8")
    out = build / f"drivers/linux_kernel/{target}/{module}.ko"
    if done.returncode or "warning: " in text or not out.exists():
        print(text)
        raise SystemExit(f"{module}.ko: not built, or not without a warning")
    return out


def stripped(module: Path) -> Path:
    out = module.with_suffix(".small.ko")
    subprocess.run(["strip", "-g", "-o", str(out), str(module)], check=True)
    return out


def make_image(build: Path, initrd: Path, kernel: debian.Kernel, modules: list[Path]) -> None:
    files = {module.name: stripped(module) for module in modules}
    files["sbin/kernel_exit"] = build / "tests/kernel/kernel_exit"
    for path in sorted((HERE / "guest").rglob("*")):
        if path.is_file():
            files[str(path.relative_to(HERE / "guest"))] = path
    image.build(initrd, kernel.root, kernel.version, files)


def clock_khz(build: Path) -> int:
    ticks = [str(build / "tests/kernel/kernel_ticks")]
    return int(subprocess.run(ticks, capture_output=True, check=True).stdout)


def verdict(lines: list[str], status: int | None) -> bool:
    """Whether the guest said that all is good, and said so to the end."""
    good = sum(line.startswith("ok ") for line in lines)
    bad = [line for line in lines if line.startswith("not ok ")]
    ended = any(line == f"1..{good + len(bad)}" for line in lines)
    print(f"# {good} good, {len(bad)} not, exit status {status}")
    return bool(status == 0 and not bad and ended and good)


def play(build: Path, name: str, words: list[str]) -> int:
    cache = build / "kernel" / name
    kernel = debian.fetch(cache, *KERNELS[name])
    vmlinux, initrd = cache / "vmlinux", cache / "initrd.cpio"
    vmlinux.write_bytes(image.vmlinux(kernel.image))
    make_image(build, initrd, kernel, [build_module(build, name, m) for m in MODULES[name]])
    return 0 if verdict(*boot.boot(vmlinux, initrd, clock_khz(build), words, SECONDS)) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--kernel", choices=KERNELS, default="stable")
    parser.add_argument("--demo", action="store_true", help="a story instead of the checks")
    parser.add_argument("--only", default="", help="checks whose names begin so")
    a = parser.parse_args()
    words = ["script=demo"] if a.demo else [f"only={a.only}"] if a.only else []
    try:
        need_machine()
        return play(a.build.absolute(), a.kernel, words)
    except debian.Missing as why:
        print(f"# skipped: {why}")
        return SKIPPED


if __name__ == "__main__":
    sys.exit(main())
