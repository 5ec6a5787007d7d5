# SPDX-License-Identifier: BSD-2-Clause
"""Which package sources a bare Debian gets: those of this machine that are Debian's, for its release."""

import pytest
from base import Skipped, mirror, sources

PARAGRAPHS = """Types: deb
# Kept by somebody.
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
LINES = """# deb http://mirror.example/debian bookworm contrib
deb [arch=amd64] http://mirror.example/debian-security bookworm-security main
deb [arch=amd64] http://mirror.example/debian bookworm main
"""
OTHERS = "deb http://packages.example/tool stable main\n"


def apt(folder, **files):
    (folder / "sources.list.d").mkdir()
    for name, text in files.items():
        (folder / "sources.list.d" / name.replace("_", ".")).write_text(text)
    return folder


def test_paragraphs_become_those_of_another_release(tmp_path):
    found = sources(
        "trixie", apt(tmp_path, debian_sources=PARAGRAPHS, tool_list=OTHERS), "bookworm"
    )
    assert "Suites: trixie trixie-updates" in found and "Suites: trixie-security" in found
    assert "bookworm" not in found and "packages.example" not in found
    assert mirror(found) == "http://mirror.example/debian"


def test_lines_become_those_of_another_release(tmp_path):
    found = sources("trixie", apt(tmp_path, debian_list=LINES, tool_list=OTHERS), "bookworm")
    assert found == "".join(LINES.replace("bookworm", "trixie").splitlines(True)[1:])
    assert mirror(found) == "http://mirror.example/debian"


def test_no_source_of_debian_is_a_reason_to_skip(tmp_path):
    with pytest.raises(Skipped, match="names no source of bookworm"):
        sources("trixie", apt(tmp_path, tool_list=OTHERS), "bookworm")
