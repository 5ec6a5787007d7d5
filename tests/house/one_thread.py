# SPDX-License-Identifier: BSD-2-Clause
"""What the preset tsan leaves out makes no second thread: ThreadSanitizer would have nothing to look at.

    one_thread.py BUILD CC

A program that does not know pthread_create() cannot. Those that do, for they link a driver that has
threads where it is asked to, are run with one that ends them. Prints what is wrong, exit status 1 then.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THREADS = "drivers_driver"  # makes some: the run must end it
A_PART = {"simulate": ["--seeds", "20"], "oracle": ["--trees", "1000"]}  # of what CTest runs


def left_out() -> re.Pattern[str]:
    presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    (tsan,) = (x for x in presets["testPresets"] if x["name"] == "tsan")
    return re.compile(tsan["filter"]["exclude"]["name"])


def programs(build: Path) -> dict[str, str]:
    """The C program of each test that has one."""
    listing = ["ctest", "--test-dir", str(build), "--show-only=json-v1"]
    done = subprocess.run(listing, capture_output=True, text=True, check=True)
    tests = json.loads(done.stdout)["tests"]
    return {
        x["name"]: x["command"][0]
        for x in tests
        if x.get("command", ["/"])[0].startswith(f"{build}/")
    }


def knows_threads(program: str) -> bool:
    done = subprocess.run(["nm", "-u", program], capture_output=True, text=True, check=True)
    return "pthread_create" in done.stdout


def makes_threads(program: str, arguments: list[str], shim: Path) -> bool:
    alone = dict(os.environ, LD_PRELOAD=str(shim), CK_FORK="no")
    done = subprocess.run([program, *arguments], env=alone, capture_output=True, check=False)
    return done.returncode != 0


def wrong(build: Path, shim: Path) -> list[str]:
    known, pattern = programs(build), left_out()
    out = [f"{name}: makes threads" for name, program in known.items()
           if pattern.search(name) and knows_threads(program)
           and makes_threads(program, A_PART.get(name.split("_")[0], []), shim)]  # fmt: skip
    if not makes_threads(known[THREADS], [], shim):
        out.append(f"{THREADS}: a program with threads was not noticed")
    if not any(pattern.search(name) for name in known):
        out.append("the preset tsan leaves nothing out: this check would prove nothing")
    return out


def main(build: str, compiler: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        source, shim = Path(folder, "shim.c"), Path(folder, "shim.so")
        source.write_text("#include <stdlib.h>\nint pthread_create(void);\n"
                          "int pthread_create(void) { abort(); }\n", encoding="ascii")  # fmt: skip
        flags = ["-shared", "-fPIC", "-fno-builtin"]
        subprocess.run([compiler, *flags, str(source), "-o", str(shim)], check=True)
        found = wrong(Path(build), shim)
    print("\n".join(found) or "one thread each")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
