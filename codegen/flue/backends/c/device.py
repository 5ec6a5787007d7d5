# SPDX-License-Identifier: BSD-2-Clause
"""Numbers that the hardware chooses: where an object has them, and which of them a command is about.

The runtime knows them as bits, in the order of the spec: those that are told, in the object; those that a
command carries or that its answer tells, in the tables.
"""

from __future__ import annotations

from flue.model import DEVICE, Command, Object, Target, Variable
from flue.model.queries import linked_numbers, numbers

from .fields import Field, field_doc, is_array
from .host_structs import element_c, joined


class DeviceView:
    def __init__(self, target: Target, obj: Object) -> None:
        self.target = target
        self.obj = obj
        self.variables = obj.of_class(DEVICE)

    def declared(self, v: Variable) -> str:
        """The member of the object's own structure."""
        return _declared(v, v.name)

    def bits(self, words: tuple[str, ...]) -> str:
        """Those among what a command carries or what its answer brings."""
        named = numbers(self.obj, words)
        return hex(sum(1 << i for i, v in enumerate(self.variables) if v.name in named))

    def loses(self, command: Command) -> str:
        """Those that are others, perhaps, where its answer does not tell them."""
        return self.bits((DEVICE,) if command.hardware == "has" else command.returns)

    def linked_bits(self, command: Command) -> list[str]:
        """By link, those of what it leads to that a command carries, as bits of that object."""
        found = linked_numbers(self.target, self.obj, command)
        return [
            hex(sum(1 << to.of_class(DEVICE).index(v) for x, to, v in found if x is link))
            for link in self.obj.links
        ]

    def linked_fields(self, command: Command) -> list[Field]:
        """Members of a command's arguments for those of what it links to."""
        out = []
        for link, to, v in linked_numbers(self.target, self.obj, command):
            name = f"{link.name}_{v.name}"
            doc = f"{field_doc(v)}; of the {to.name} that it is linked to"
            out.append(Field(name, _declared(v, name), doc, v, of=link.name))
        return out


def _declared(v: Variable, name: str) -> str:
    return joined(element_c(v.type), name) + (f"[{v.type.count}]" if is_array(v) else "")
