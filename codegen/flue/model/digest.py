# SPDX-License-Identifier: BSD-2-Clause
"""What a trace of the runtime says by numbers, in one number: a spec that decides otherwise has another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from .object import Object
from .target import Target
from .transitions import number_arms


def digest(target: Target) -> int:
    return int.from_bytes(hashlib.sha256("\n".join(_lines(target)).encode()).digest()[:8], "big")


def _lines(target: Target) -> Iterator[str]:
    yield target.name
    yield from (f"result {r}" for r in target.results)
    yield from (f"operation {o.name}" for o in target.operations)
    yield from (f"status {s.name}" for s in target.statuses)
    for obj in target.objects:
        yield from _of_object(target, obj)


def _of_object(target: Target, obj: Object) -> Iterator[str]:
    yield f"kind {obj.name}"
    yield from (f"state {s.name}" for s in obj.states)
    yield from (f"command {c.name}" for c in obj.commands)
    yield from (f"event {e.name}" for e in obj.events)
    yield from (f"arm {arm.place}: {arm.text} -> {arm.to}" for arm in number_arms(target, obj))
