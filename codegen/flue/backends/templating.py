# SPDX-License-Identifier: BSD-2-Clause
"""How all back ends use Jinja2: what is undefined is a mistake, and lines of tags leave none behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flue.model.describe import an

if TYPE_CHECKING:
    import jinja2


def environment(folder: Path, autoescape: bool = False) -> jinja2.Environment:
    """For the templates of one back end."""
    import jinja2  # takes a while, and a check needs none

    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        bytecode_cache=_bytecode_cache(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,
    )
    env.filters["an"] = an
    return env


def _bytecode_cache(templates: Path) -> jinja2.BytecodeCache | None:
    """Compiled templates, kept beside Python's own; compiling them takes half of the time."""
    import jinja2

    folder = templates / "__pycache__"
    if sys.dont_write_bytecode:
        return None
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None
