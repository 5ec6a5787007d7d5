# SPDX-License-Identifier: BSD-2-Clause
"""What generated code says of contexts: notes for people, annotations for analyzers, assertions."""

from __future__ import annotations

from flue.model import Call, Command, Context, DeviceEvent, Operation, Target
from flue.model.contexts import allowed, called_in, context, polled_in


class ContextView:
    """Of a target without contexts nothing is said at all."""

    def __init__(self, target: Target) -> None:
        self.target = target

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Each by the host's name, with what is allowed there."""
        return [
            (c.host, c.doc + (" Code may sleep." if c.sleeps else "")) for c in self.target.contexts
        ]

    @property
    def polled(self) -> Context:
        return polled_in(self.target)

    # Where each function runs; None: nothing is said.

    def operation(self, operation: Operation) -> Context | None:
        return context(self.target, operation.runs_in)

    def completion(self, operation: Operation) -> Context | None:
        return called_in(self.target, operation.completed_in)

    def command(self, command: Command) -> Context | None:
        return called_in(self.target, command.runs_in)

    def call(self, call: Call) -> Context | None:
        return called_in(self.target, call.runs_in)

    def event(self, event: DeviceEvent) -> Context | None:
        return context(self.target, event.runs_in)

    @property
    def doorbell(self) -> Context | None:
        return called_in(self.target, None)

    @property
    def answers(self) -> Context | None:
        return context(self.target, self.target.answers_in)

    @property
    def raised(self) -> Context | None:
        return context(self.target, self.target.events_in)

    # What that becomes: nothing, or a sentence, a line before a declaration, a statement.

    def note(self, limit: Context | None) -> str:
        return (
            "Runs in " + " or ".join(c.host for c in allowed(self.target, limit)) if limit else ""
        )

    def before(self, limit: Context | None, indent: int = 0) -> str:
        return f"{' ' * indent}FLUE_RUNS_IN({limit.host})\n" if limit else ""

    def asserted(self, limit: Context | None, indent: int = 4) -> str:
        return f"{' ' * indent}FLUE_ASSERT_RUNS_IN({limit.host});\n" if limit else ""
