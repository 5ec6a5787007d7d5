# SPDX-License-Identifier: BSD-2-Clause
"""States in which an object waits for what becomes of its request: what the hardware has there."""

from __future__ import annotations

from .dataflow import steps
from .object import Object
from .machine import State
from .target import Target


def usable_together(target: Target, obj: Object, state: State) -> bool:
    """Whether others of the same request may link to it: the hardware has it, whichever way led there."""
    held = {s.after.hardware for s in steps(target, obj) if s.to is state and s.state is not state}
    return state.waits and held == {"has"}
