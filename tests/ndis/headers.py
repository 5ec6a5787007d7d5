#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A driver and its headers by other rules than those they are built with: nothing is linked here.

    headers.py BUILD

The numbers of ndis6.h and ndis6_im.h are those of mingw-w64's headers, where these have them; the driver, the
generated code and the runtime pass clang as MSVC would see them; and what the documentation declares has the offsets
that the specs say by Microsoft's bit-field rules, and not by others.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from config import DRIVER, Build

LAYOUT = Path(__file__).resolve().parent / "layout"
MSVC = [
    "--target=x86_64-pc-windows-msvc",
    "-std=c11",
    "-ffreestanding",
    "-Wall",
    "-Wextra",
    "-Werror",
]


def refused(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{' '.join(command)}\n{done.stderr}" if done.returncode else ""


def folders_of(build: Build) -> list[str]:
    own = [flag for flag in build.values["flags"] if flag.startswith("-I")]
    return [*own, f"-I{DRIVER.parent}/ndis_im"]


def generated_of(folders: list[str]) -> Path:
    return Path(next(f[2:] for f in folders if f.endswith("generated/chimney")))


def by_gcc(build: Build) -> list[str]:
    folders = folders_of(build)
    gcc = [build.values["gcc"][0], "-std=c11", "-fsyntax-only", *folders]
    wrong = [refused([*gcc, str(LAYOUT / name)]) for name in ("ours.c", "theirs.c", "documented.c")]
    if not refused([*gcc, "-mno-ms-bitfields", str(LAYOUT / "documented.c")]):
        wrong.append("documented.c: passes by other rules of bit-fields, so it shows nothing")
    wrong.append(refused([*gcc, "-mno-ms-bitfields", "-include", "chimney.h", "-xc", "/dev/null"]))
    return wrong


def by_clang(build: Build) -> list[str]:
    folders = folders_of(build)
    dress = [flag for flag in build.values["kernel"] if flag.startswith(("-I", "-D"))]
    clang = ["clang", *MSVC, "-fsyntax-only", f"-I{DRIVER}/kernel", *folders, *dress]
    parts = {Path(name).stem for name in build.values["driver"]}
    sources = [
        *(path for path in build.source.glob("*.c") if path.stem in parts),
        *DRIVER.glob("kernel/*.c"),
        LAYOUT / "ours.c",
        LAYOUT / "documented.c",
    ]
    if "-DFLUE_NIC_OF_SPEC" in dress:
        sources += (p for p in DRIVER.parent.glob("device/*.c") if p.stem in parts)
        sources.append(generated_of(folders) / "chimney_device.c")
    elif build.source == DRIVER:  # what both drivers are linked with
        generated = generated_of(folders)
        sources += [generated / f"chimney{part}.c" for part in ("", "_neighbor", "_path", "_tcp")]
        sources += (DRIVER.parents[1] / "runtime/src").glob("*.c")
    return [refused([*clang, str(source)]) for source in sources]


def main() -> int:
    build = Build(sys.argv[1])
    wrong = by_gcc(build)
    if shutil.which("clang"):
        wrong += by_clang(build)
    print("\n".join(why for why in wrong if why) or f"good: {len(wrong)} looks")
    return any(wrong)


if __name__ == "__main__":
    sys.exit(main())
