# SPDX-License-Identifier: BSD-2-Clause
"""Files on disk: writing them only if they change, and what they depend on."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flue.model import Target

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def write_if_changed(path: str, text: str) -> bool:
    """Write `text`; true if the code in it is new.

    A text that differs in its comments only is written, too, but keeps the old time stamp: doc
    strings end up in comments, and a change of them is no reason to compile anything.
    """
    try:
        with open(path, encoding="utf-8") as f:
            old = f.read()
        stamp = os.stat(path)
    except (OSError, UnicodeDecodeError):
        old = None
    if old == text:
        return False
    replace(path, text)
    if old is not None and without_comments(old) == without_comments(text):
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        return False
    return True


def replace(path: str, text: str) -> None:
    """Write a file in one piece: whoever is interrupted, or finds no room, leaves the old one."""
    part = f"{path}.part"
    try:
        with open(part, "w", encoding="utf-8") as f:
            f.write(text)
        os.replace(part, path)
    except OSError:
        if os.path.exists(part):
            os.remove(part)
        raise


def without_comments(text: str) -> str:
    return " ".join(_COMMENTS.sub(" ", text).split())


def dependencies(target: Target, depfile: str) -> list[str]:
    """All that the outputs are made from: specs, schema, templates, and the generator itself.

    Paths are absolute if the depfile's own is, as in a build that runs elsewhere; else relative.
    """
    here = Path(__file__).parent
    found = sorted(str(p) for p in here.rglob("*.py") if "__pycache__" not in p.parts)
    found += sorted(str(p) for p in here.rglob("*.json"))
    found += sorted(str(p) for p in here.rglob("*.j2"))
    if os.path.isabs(depfile):
        return [os.path.abspath(p) for p in (*target.files, *found)]
    return [*target.files, *(os.path.relpath(p) for p in found)]


def write_depfile(path: str, outputs: list[str], inputs: list[str]) -> None:
    """A rule in make's syntax; it names the first output only, which stands for all."""
    lines = " \\\n  ".join(escaped(p) for p in inputs)
    text = f"{escaped(outputs[0])}: \\\n  {lines}\n"
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#").replace("$", "$$")
