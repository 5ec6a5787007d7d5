# SPDX-License-Identifier: BSD-2-Clause
"""Where models show what they do: marks, which are printed, and places where others take part.

A counterexample is told from its marks. Whoever wants a model to follow something else, such as what
was seen in a runtime, gives models() a Marks of its own; the models themselves stay as they are.
"""

from __future__ import annotations


class Marks:
    """As models are searched: marks are printed, and nobody takes part."""

    claims = True  # whether the model says what must hold in the end
    declares = ""  # what those who take part need, where all words of the model are known

    def mark(self, name: str, *values: str) -> str:
        """The step that shows it."""
        numbers = "".join(f" {x}" if x.isdigit() else " %d" for x in values)
        given = "".join(f", {x}" for x in values if not x.isdigit())
        return f'printf("@{name}{numbers}\\n"{given})'

    def also(self, name: str, *values: str) -> str:
        """What comes behind a step that shows nothing: `; ` and another step, if there is one."""
        return ""

    def only(self, name: str) -> str:
        """What else must be so, before a condition: an expression and ` && `, if there is one."""
        return ""

    def process(self) -> str:
        """What comes behind the head of a process that is always there."""
        return ""


PRINTED = Marks()
