# SPDX-License-Identifier: BSD-2-Clause
"""What is measured without running the C benchmark: the machine, the compiler of specs, code size."""

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def cpu() -> str:
    model = re.search(r"Model name:\s*(.*)", output("lscpu"))
    caches = re.findall(r"(L1d|L2|L3)(?: cache)?:\s*([\d.]+ \w+)", output("lscpu"))
    text = model[1] if model else platform.machine()
    return ", ".join([text, f"{os.cpu_count()} CPUs", *(f"{name} {size}" for name, size in caches)])


def cached(build: Path, name: str) -> str:
    found = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)
    return found[1] if found else ""


def machine(build: Path) -> dict:
    compiler = output(cached(build, "CMAKE_C_COMPILER") or "cc", "--version").partition("\n")[0]
    huge = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "cpu": cpu(),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "compiler": compiler,
        "build": cached(build, "CMAKE_BUILD_TYPE"),
        "huge pages": huge.read_text().strip() if huge.exists() else "unknown",
        "commit": output("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD").strip(),
    }


def regenerate(count: int) -> list[dict]:
    """The whole compiler, from nothing: another process, another folder, each time."""
    seconds = []
    for _ in range(count):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "flue", "generate", "spec/chimney", "--out", folder]
            begin = time.monotonic()
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            seconds.append(time.monotonic() - begin)
    out = {"scenario": "regenerate", "unit": "seconds"}
    return [
        out | {"name": "min", "number": min(seconds)},
        out | {"name": "median", "number": statistics.median(seconds)},
    ]


def code_size(build: Path) -> list[dict]:
    """Code and constant data of every generated file and of the runtime as a whole."""
    libraries = [build / "libchimney.a", build / "runtime/libflue.a"]
    sizes = {}
    for library in libraries:
        for line in output("size", str(library)).splitlines()[1:]:
            text, data, _, _, _, file = line.split()[:6]
            name = "runtime" if library.name == "libflue.a" else file.removesuffix(".c.o")
            sizes[name] = sizes.get(name, 0) + int(text) + int(data)
    return [
        {"scenario": "code", "name": name, "number": size, "unit": "bytes"}
        for name, size in sizes.items()
    ]
