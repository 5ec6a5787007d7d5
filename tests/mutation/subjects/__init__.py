# SPDX-License-Identifier: BSD-2-Clause
"""What is mutated, a module each: where the texts are, what is made of a mutant, who is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from mutation.layers import Layer
from mutation.table import Mutant


class Subject(Protocol):
    title: str  # of the table of results
    layers: tuple[Layer, ...]  # cheapest first

    def original(self, file: str) -> str | None:
        """The text that a mutant's edits are made in; None if there is no such file."""

    def made(self, mutant: Mutant, texts: dict[str, str], folder: Path) -> Any:
        """What the layers are given."""


def _known() -> dict[str, Callable[[Any], Subject]]:
    from mutation.subjects import protocols, runtime, specs

    return {"runtime": runtime.Runtime, "specs": specs.Specs, "protocols": protocols.Protocols}


def subject(name: str, options) -> Subject:
    return _known()[name](options)
