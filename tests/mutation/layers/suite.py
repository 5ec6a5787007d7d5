# SPDX-License-Identifier: BSD-2-Clause
"""The generated suites of chimney, ipsec and tests/links: every transition of the compiled machines."""

from __future__ import annotations

from mutation.layers import ALWAYS, Layer, Said
from mutation.layers.programs import first, run


def ask(copy) -> Said:
    for program in ("suite_chimney", "suite_ipsec", "tests/links/suite_vpn"):
        status, text = run([str(copy.program(program))], copy.folder)
        if status:
            return Said(True, first(r"^wrong: (.*)", text, text[:80]))
    return Said(False)


LAYER = Layer("suite", ALWAYS, ask)
