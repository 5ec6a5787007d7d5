# SPDX-License-Identifier: BSD-2-Clause
"""What an object's view says of its events, and of what those of the device tell the host."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace

from flue.model import Object, Target
from flue.model.transitions import event_number, events_by_number

from .indications import told_rows


class EventView:
    """The part of ObjectView that is about events."""

    target: Target
    obj: Object

    @cached_property
    def events(self) -> list[SimpleNamespace]:
        """Events of the machine, by their numbers."""
        known = events_by_number(self.target, self.obj)
        numbers = [event_number(self.target, e, self.obj) for e in known]
        return [SimpleNamespace(number=i, name=e) for i, e in zip(numbers, known)]

    @cached_property
    def told(self) -> list[tuple[str, str]]:
        """What events of the device tell the host, as (indication, detail)."""
        return told_rows(self.obj, self.target)

    def is_told(self, indication: str) -> bool:
        return any(name == indication for name, _ in self.told)
