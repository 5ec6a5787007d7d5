# SPDX-License-Identifier: BSD-2-Clause
"""A file of tests that are all skipped is no good test to CTest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = "import pytest\n"
GOOD = "def test_good(): pass\n"
BAD = "def test_bad(): assert False\n"
SKIPPED = "@pytest.mark.skip(reason='why not')\ndef test_skipped(): pass\n"
INSIDE = "def test_inside(): pytest.skip('why not')\n"
AMISS = "@pytest.mark.xfail\ndef test_amiss(): assert False\n"
WHOLE = "pytest.skip('why not', allow_module_level=True)\n"
BROKEN = "@pytest.fixture\ndef broken(): assert False\ndef test_broken(broken): pass\n"


@pytest.mark.parametrize(
    "text, status",
    [
        (SKIPPED, 77),
        (SKIPPED + INSIDE, 77),
        (WHOLE + GOOD, 77),
        (SKIPPED + GOOD, 0),
        (INSIDE + AMISS, 0),
        (SKIPPED + BAD, 1),
        (SKIPPED + BROKEN, 1),
        ("", 5),
    ],
)
def test_the_status_that_ctest_sees(tmp_path, text, status):
    file = tmp_path / "test_it.py"
    file.write_text(HEAD + text)
    command = [sys.executable, str(ROOT / "cmake/run_pytest.py"), str(file)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout
    assert ("why not" in done.stdout) == ("why not" in text)


def test_no_test_goes_another_way():
    """Pytest is run by what knows that."""
    for file in [*(ROOT / "tests").rglob("CMakeLists.txt"), *(ROOT / "cmake").glob("*.cmake")]:
        assert "-m pytest" not in file.read_text(encoding="utf-8"), file
