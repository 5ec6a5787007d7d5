# SPDX-License-Identifier: BSD-2-Clause
"""python3 codegen/pages: makes them anew, and names those that have changed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pages.make import main  # noqa: E402

main()
