# SPDX-License-Identifier: BSD-2-Clause
"""No folder of tests is left out of the build."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_every_folder_that_has_targets_is_built():
    text = (TESTS / "CMakeLists.txt").read_text(encoding="utf-8")
    listed = re.search(r"foreach\(folder ([^)]*)\)\n  add_subdirectory", text)[1].split()
    assert sorted(listed) == sorted(path.parent.name for path in TESTS.glob("*/CMakeLists.txt"))
