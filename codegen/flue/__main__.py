# SPDX-License-Identifier: BSD-2-Clause
"""`python3 -m flue` is the same as `flue`."""

import sys

from .cli import main

sys.exit(main())
