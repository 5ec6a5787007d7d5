# SPDX-License-Identifier: BSD-2-Clause
"""Lay out a kernel module for Kbuild: the runtime, generated targets and a driver, as they are.

    stage.py --out DIR --name NAME (--target NAME --generated DIR[;DIR...])... [--device] [--checked] SOURCE...

Nothing is copied: links in DIR, by folder, since Kbuild puts objects beside sources. Then:

    make -C HEADERS M=DIR modules
"""

from __future__ import annotations

import argparse
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLUE = HERE.parents[1]

KBUILD = """# SPDX-License-Identifier: BSD-2-Clause
# Written by stage.py: the runtime, generated targets and a driver, as one module.
obj-m := {name}.o
{name}-y := {objects}
ccflags-y := -I$(src)/include -I$(src)/headers -I$(src)/generated {flags}
ccflags-y += -include $(src)/include/flue_kernel.h
"""


def link(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if to.is_symlink() and to.readlink() == source:
        return
    to.unlink(missing_ok=True)
    to.symlink_to(source)


def link_all(sources: list[Path], folder: Path) -> list[str]:
    """Returns the objects of those that are compiled. What was there and is no more goes."""
    if len({source.name for source in sources}) != len(sources):
        raise SystemExit(f"{folder.name}: two files of one name: rename one, or a target")
    for source in sources:
        link(source.resolve(), folder / source.name)
    wanted = {source.name for source in sources}
    for old in folder.glob("*"):
        if old.is_symlink() and old.name not in wanted:
            old.unlink()
    compiled = sorted(source.stem for source in sources if source.suffix == ".c")
    return [f"{folder.name}/{stem}.o" for stem in compiled]


def generated_sources(folders: str, target: str, device: bool) -> list[Path]:
    """In that of a target's include folders where its header is; not the suite and the histories, which need
    a C library."""
    folder = next(Path(f) for f in folders.split(";") if (Path(f) / f"{target}.h").exists())
    without = {f"{target}_suite.c", f"{target}_simulate.c"}
    if not device:
        without |= {f"{target}_device.c", f"{target}_device.h"}
    return [path for path in sorted(folder.glob("*.[ch]")) if path.name not in without]


def stage(a: argparse.Namespace, generated: list[Path]) -> None:
    out = a.out.absolute()
    objects = link_all(a.sources, out / "driver")
    objects += link_all(sorted((FLUE / "runtime/src").glob("*.[ch]")), out / "runtime")
    objects += link_all(generated, out / "generated")
    link_all(sorted((HERE / "include").glob("*.h")), out / "include")
    link(FLUE / "runtime/include/flue", out / "headers/flue")
    flags = "-DFLUE_CHECK_CONTEXTS" if a.checked else ""
    if a.device:
        sources = sorted((FLUE / "drivers/device").glob("*.[ch]"))
        without = ("thread.c", "system.h")  # the driver steps it; flue_kernel_device.h
        kept = [path for path in sources if path.name not in without]
        objects += link_all(kept, out / "device")
        flags += " -I$(src)/device '-DFLUE_DEVICE_SYSTEM=\"flue_kernel_device.h\"'"
    text = KBUILD.format(name=a.name, objects=" ".join(objects), flags=flags)
    kbuild = out / "Kbuild"
    if not kbuild.exists() or kbuild.read_text(encoding="utf-8") != text:
        kbuild.write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--target", required=True, action="append")
    parser.add_argument(
        "--generated", required=True, action="append",
        help="folders of the target; that with its header counts",
    )  # fmt: skip
    parser.add_argument(
        "--device", action="store_true", help="with the software NIC of each target"
    )
    parser.add_argument("--checked", action="store_true", help="warns of wrong contexts")
    parser.add_argument("sources", type=Path, nargs="+")
    a = parser.parse_args()
    generated = [
        path
        for target, folders in zip(a.target, a.generated, strict=True)
        for path in generated_sources(folders, target, a.device)
    ]
    stage(a, generated)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
