# SPDX-License-Identifier: BSD-2-Clause
"""A target's specs for a host of 32 bits, if its structures are its own and not of a host's headers."""

import re
import shutil
from pathlib import Path


def narrowed(folder: Path, out: Path) -> bool:
    """A copy in `out` with pointers of 4 bytes; nothing, where structures are given byte by byte."""
    target = (folder / "target.yaml").read_text(encoding="utf-8")
    natural = r"\{structs: natural,( pointer_bytes: 8,)?"
    if not re.search(natural, target):
        return False
    shutil.copytree(folder, out, ignore=shutil.ignore_patterns("*.[ch]", "*.txt", "golden"))
    target = re.sub(natural, "{structs: natural, word_bytes: 4,", target)
    (out / "target.yaml").write_text(target, encoding="utf-8")
    node = (out / "node.yaml").read_text(encoding="utf-8")
    node = re.sub(r'"void\*\[(\d)\]"(?=.*role: scratch)', r'"u64[\1]"', node)
    (out / "node.yaml").write_text(node, encoding="utf-8")
    return True
