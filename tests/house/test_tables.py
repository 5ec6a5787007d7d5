# SPDX-License-Identifier: BSD-2-Clause
"""No folder of tests is forgotten: not in the table that tells what is where, nor in the build."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
FOLDERS = {path.name for path in TESTS.iterdir() if path.is_dir() and path.name[:2] != "__"}


def test_the_table_names_every_folder_once():
    text = (TESTS / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)/` \| \S", text, re.MULTILINE)
    assert sorted(named) == sorted(FOLDERS)


def test_every_folder_that_is_built_is_built():
    text = (TESTS / "CMakeLists.txt").read_text(encoding="utf-8")
    listed = re.search(r"foreach\(folder ([^)]*)\)\n  add_subdirectory", text)[1].split()
    assert sorted(listed) == sorted(f for f in FOLDERS if (TESTS / f / "CMakeLists.txt").is_file())
