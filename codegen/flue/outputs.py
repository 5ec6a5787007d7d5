# SPDX-License-Identifier: BSD-2-Clause
"""Files on disk: which there are, writing them only if they change, and what they depend on."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Iterable

from flue.model import Target, Where
from flue.report import Report
from flue.source import files_of, read
from flue.text import spec_name

TEMPLATES = Path(__file__).with_name("templates")
_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def output_names(target_name: str, objects: list[str], suite: bool = False) -> list[str]:
    """The files that are generated, in the order a build lists them."""
    out = [f"{target_name}.c", f"{target_name}.h"]
    out += [f"{target_name}_host.h", f"{target_name}_objects.h"]
    for obj in objects:
        out += [f"{target_name}_{obj}.c", f"{target_name}_{obj}.rl"]
    return out + [f"{target_name}_suite.c"] * suite


def outputs_of(directory: str, out_dir: str, report: Report, suite: bool = False) -> list[str]:
    """The target's file and the files to be generated, knowing no more than that one spec file.

    Nothing (and an error in the report) if there is no target file that says what is needed.
    """
    for name in files_of(directory):
        tree = read(name, report)
        if tree is not None and tree.get("target") is not None:
            objects = [str(x.value) for x in tree.each("objects")]
            names = output_names(tree.text("target"), objects, suite)
            return [name, *(os.path.join(out_dir, n) for n in names)]
    if not report.failed:
        report.error(Where(directory, 0, 0), "spec-files", "no target file")
    return []


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


def remove_stale(target: Target, out_dir: str, names: Iterable[str]) -> list[str]:
    """Remove what an earlier run wrote for this spec and this one did not: of a renamed object, say.

    A build that takes all files of a folder would still compile it. Files that do not say that they
    were generated from this spec are somebody's own.
    """
    ours = re.compile(rf"{re.escape(target.name)}(_\w+)?\.(c|h|rl)")
    says = f"/* Generated from {spec_name(target.file).rpartition('/')[0]}/"
    found = []
    for name in sorted(set(os.listdir(out_dir)) - set(names)):
        path = os.path.join(out_dir, name)
        if ours.fullmatch(name) and os.path.isfile(path) and _first_line(path).startswith(says):
            os.remove(path)
            found.append(path)
    return found


def _first_line(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.readline()


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
    found += sorted(str(p) for p in here.glob("*.json"))
    found += sorted(str(p) for p in TEMPLATES.glob("*.j2"))
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
