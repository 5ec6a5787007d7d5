# SPDX-License-Identifier: BSD-2-Clause
"""The layers of tests that look for mutants: a module each, with its `LAYER` or `LAYERS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# When a layer is asked: about each mutant of its subject; about those that it must find; or about
# those, in a run of its own, with --layer.
ALWAYS, MEANT, APART = "always", "meant", "apart"


@dataclass(frozen=True)
class Said:
    found: bool
    says: str = ""
    story: tuple[str, ...] = ()  # how it comes about, where a model tells


@dataclass(frozen=True)
class Layer:
    name: str
    when: str
    ask: Callable[[Any], Said]  # is given what the subject made of the mutant
    missing: Callable[[Any], str] = lambda subject: ""  # why it cannot be asked here
