# SPDX-License-Identifier: BSD-2-Clause
"""The runtime's tests with several threads."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import checked


# Whether two threads meet is the scheduler's affair, and a busy machine's has less of it.
ATTEMPTS = 8
HANGS = "30"  # seconds of a test, which takes one or two where nothing is wrong


def ask(copy) -> Said:
    names = [f"tests/runtime/runtime_{x}" for x in ("threads", "names", "event_threads")]
    said = (checked(copy, names, CK_DEFAULT_TIMEOUT=HANGS) for _ in range(ATTEMPTS))
    return next((x for x in said if x.found), Said(False))


LAYER = Layer("threads", MEANT, ask)
