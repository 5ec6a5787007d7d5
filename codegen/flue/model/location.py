# SPDX-License-Identifier: BSD-2-Clause
"""Where things stand in the spec files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol


@dataclass(frozen=True, order=True)
class Where:
    """A place in a spec file; line and column count from 1, `width` is for the caret."""

    file: str
    line: int
    column: int
    width: int = 1


class Text(Protocol):
    """A piece of a spec file, as far as the model knows it: where its parts and their keys stand."""

    def place(self, *path: str | int) -> Where | None:
        ...

    def key_place(self, *path: str | int) -> Where | None:
        ...


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Remembers the spec text it was made from, so that a finding can point into it."""

    source: Text | None = field(default=None, compare=False, repr=False)
    if TYPE_CHECKING:
        where: Any  # of each kind its own: some have none

    def place(self, *path: str | int) -> Where:
        """The place of a part: arm.place("status"), rule.place("changed", 0); else its own."""
        found = self.source.place(*path) if self.source is not None else None
        return self.where if found is None else found

    def key(self, *path: str | int) -> Where | None:
        """The place of a key, if the spec has it: mode.key("hold"), state.key("when", "done")."""
        return self.source.key_place(*path) if self.source is not None else None
