# SPDX-License-Identifier: BSD-2-Clause
"""run_pytest.py ARGUMENT...: pytest, for CTest: where every test was skipped, or there is no pytest, the
status is that of a skipped test. Pytest's own would be that of a good one.
"""

from __future__ import annotations

import os
import sys

SKIPPED = 77  # to CTest, by SKIP_RETURN_CODE

try:
    import pytest
except ImportError:
    print("skipped: no pytest (./dev packages installs it)")
    sys.exit(SKIPPED)


class Counted:
    """How many tests ran, and how many tests and files were skipped."""

    def __init__(self) -> None:
        self.ran = self.skipped = 0

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.skipped += report.skipped

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        skipped = report.skipped and not hasattr(report, "wasxfail")
        self.skipped += skipped
        self.ran += report.when == "call" and not skipped


def main(arguments: list[str]) -> int:
    sys.path[0] = os.getcwd()  # as python -m pytest has it
    counted = Counted()
    status = pytest.main(arguments, plugins=[counted])
    good = status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return SKIPPED if good and counted.skipped and not counted.ran else int(status)


sys.exit(main(["-q", "-rs", "-p", "no:cacheprovider", *sys.argv[1:]]))
