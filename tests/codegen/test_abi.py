# SPDX-License-Identifier: BSD-2-Clause
"""FLUE_ABI goes up when what generated code and the library must agree on has changed.

Told by a digest of all structures, enumerations and limits in the runtime's headers.
"""

import hashlib
import re
from pathlib import Path

from helpers import ROOT

from flue.backends.c.generate import ABI

INCLUDE = Path(ROOT, "runtime", "include", "flue")
AGREED = (14, "0dea67182f1629a9")  # number, digest


def agreed(text):
    """Structures, enumerations and limits, without comments and white space."""
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found = re.findall(r"^(?:struct|enum) \w+ {$.*?^};$", code, re.MULTILINE | re.DOTALL)
    found += re.findall(r"^(?:struct|enum) \w+ {.*};$", code, re.MULTILINE)
    found += re.findall(r"^#define FLUE_(?!ABI\b)\w+ +[\dU(].*$", code, re.MULTILINE)
    return sorted(re.sub(r"\s+", " ", piece).strip() for piece in found)


def digest():
    paths = [INCLUDE / "flue.h", *INCLUDE.glob("priv/*.h")]
    pieces = sorted(p for path in paths for p in agreed(path.read_text(encoding="utf-8")))
    assert len(pieces) > 50
    return hashlib.sha256("\n".join(pieces).encode()).hexdigest()[:16]


def test_what_must_agree_has_its_number():
    assert AGREED == (ABI, digest()), (
        "raise FLUE_ABI in flue.h and ABI in backends/c/generate.py, say in CHANGELOG.md what is "
        "new, and write number and digest here"
    )


def test_members_orders_and_limits_count_and_comments_do_not():
    text = (
        "struct a {\n    int b; /* one */\n    int c;\n};\nenum d { E, F };\n#define FLUE_MAX 4\n"
    )
    assert len(agreed(text)) == 3
    assert agreed(text) == agreed(text.replace("/* one */", "/* other */").replace("    ", "  "))
    for old, new in (("int b;", "long b;"), ("E, F", "F, E"), ("MAX 4", "MAX 5"), ("int c;", "")):
        assert agreed(text) != agreed(text.replace(old, new))
