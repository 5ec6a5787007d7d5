# SPDX-License-Identifier: BSD-2-Clause
"""What the compiler's tests share: copies of a spec with edits, and what the compiler says of them.

    text = diagnose([("meter.yaml", "to: creating", "to: creatign")])
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from glob import glob

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "codegen"))

from flue.compiler import analyse  # noqa: E402
from flue.compiler import load  # noqa: E402
from flue.diagnostics import Report  # noqa: E402

# The specs that are for use, by their folders' names; those of tests stand beside their tests.
SHIPPED = sorted(os.path.basename(os.path.dirname(x)) for x in glob(f"{ROOT}/spec/*/target.yaml"))

Edit = tuple[str, str, str]  # file, old text (found exactly once), new text

_scratch = tempfile.mkdtemp(prefix="flue-test-")
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)


def spec(name: str) -> str:
    """Path of one of the repository's spec folders."""
    return os.path.join(ROOT, "spec", name)


def read_spec(file: str, base: str = "example") -> str:
    """The text of one spec file."""
    with open(os.path.join(spec(base), file), encoding="utf-8") as stream:
        return stream.read()


def edited_spec(edits: list[Edit], base: str = "example") -> str:
    """A copy of spec/<base> with `edits` applied in order. An old text of "" makes a new file."""
    directory = tempfile.mkdtemp(dir=_scratch)
    for name in os.listdir(spec(base)):
        shutil.copy(os.path.join(spec(base), name), directory)
    for file, old, new in edits:
        _edit(os.path.join(directory, file), old, new)
    return directory


def _edit(path: str, old: str, new: str) -> None:
    text = ""
    if old:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {path}"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text.replace(old, new) if old else new)


def diagnose(edits: list[Edit], base: str = "example", checks: bool = True) -> str:
    """What the compiler prints about an edited spec; files are named without their folder."""
    directory = edited_spec(edits, base)
    report = Report()
    (analyse if checks else load)(directory, report)
    return report.text().replace(directory + os.sep, "").replace(directory, "SPEC")
