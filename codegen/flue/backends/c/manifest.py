# SPDX-License-Identifier: BSD-2-Clause
"""Which files a target becomes, and which of an earlier run are not among them any more."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from flue.model import Target

from .format import spec_name


def device_names(target_name: str, simulate: bool = False) -> list[str]:
    """The files of a software NIC and of histories with it, in the order a build lists them."""
    ends = ("_device.c", "_device.h", *["_simulate.c"] * simulate)
    return [target_name + end for end in ends]


def output_names(
    target_name: str,
    objects: list[str],
    suite: bool = False,
    device: bool = False,
    simulate: bool = False,
) -> list[str]:
    """The files that are generated, in the order a build lists them."""
    out = [f"{target_name}.c", f"{target_name}.h"]
    out += [f"{target_name}_host.h", f"{target_name}_objects.h"]
    for obj in objects:
        out += [f"{target_name}_{obj}.c", f"{target_name}_{obj}.rl"]
    out += device_names(target_name, simulate) if device or simulate else []
    return out + [f"{target_name}_suite.c"] * suite


def remove_stale(target: Target, out_dir: str, names: Iterable[str]) -> list[str]:
    """Remove what an earlier run wrote for this spec and this one did not: of a renamed object, say.

    A build that takes all files of a folder would still compile it. Files that do not say that they
    were generated from this spec are somebody's own.
    """
    ours = re.compile(rf"{re.escape(target.name)}(_\w+)?\.(c|h|rl)")
    says = f"/* Generated from {spec_name(target.file).rpartition('/')[0]}/"
    found = []
    kept = {*names, *device_names(target.name, True)}  # `flue device` writes those by itself
    for name in sorted(set(os.listdir(out_dir)) - kept):
        path = os.path.join(out_dir, name)
        if ours.fullmatch(name) and os.path.isfile(path) and _first_line(path).startswith(says):
            os.remove(path)
            found.append(path)
    return found


def _first_line(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.readline()
