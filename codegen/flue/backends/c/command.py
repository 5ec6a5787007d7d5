# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about one command: its arguments, the data of its answer, its line in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import CLASSES, DEVICE, HOST_CLASSES, Command

from . import fields
from .links import Numbered


@dataclass(frozen=True)
class CommandView:
    command: Command
    c: str  # CHIMNEY_TCP_ADD_TCP
    args: list[fields.Field]
    data: list[fields.Field]
    links: Numbered  # that it carries
    of: Numbered  # those of whose objects it carries numbers
    undo: str
    irreversible: bool
    effects: bool  # some rule asks for one of them
    answers: tuple[str, ...]  # CHIMNEY_RESULT_FAILURE, ...

    @property
    def gone(self) -> str:
        """What it means if the hardware says that it does not have the object."""
        if self.command.hardware == "has":
            return "FLUE_GONE_NEVER"
        removed = self.command.hardware == "has_not" and not self.data
        return "FLUE_GONE_DONE" if removed else "FLUE_GONE_LOST"

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def uses_question(self) -> bool:
        return bool(self.sources) or self.effects or self.numbers or bool(self.of)

    @property
    def arrays(self) -> bool:
        return any(f.array for f in self.args)

    @property
    def secret(self) -> bool:
        """Whether an argument is one that nobody may find afterwards."""
        return any(f.variable is not None and f.variable.secret for f in self.args)

    @property
    def sources(self) -> list[str]:
        """Classes that the arguments are read from."""
        return [k for k in HOST_CLASSES if any(f.klass == k for f in self.args)]

    @property
    def numbers(self) -> bool:
        """Whether it carries numbers that the hardware chose for the object."""
        return any(f.klass == DEVICE for f in self.args)

    @property
    def brings_numbers(self) -> bool:
        """Whether its answer brings such numbers."""
        return any(f.klass == DEVICE for f in self.data)

    @property
    def sinks(self) -> list[str]:
        """Classes of the host's that the data goes to."""
        return [k for k in CLASSES if any(f.klass == k for f in self.data)]
