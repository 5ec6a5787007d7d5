# SPDX-License-Identifier: BSD-2-Clause
"""Secrets in C: copies of a class go round them, and what is kept of them is wiped."""

from __future__ import annotations

from flue.model import Object, Variable
from flue.model.struct_layout import variable_item

from .expressions import MEMBER_OF


class SecretsView:
    """Those of one object."""

    def __init__(self, obj: Object) -> None:
        self.obj = obj

    def of(self, klass: str) -> list[Variable]:
        return [v for v in self.obj.of_class(klass) if v.secret]

    def kept(self, klass: str) -> list[Variable]:
        """Those that the object has, too, to give them to the hardware again."""
        return [v for v in self.of(klass) if v.keep]

    @property
    def wiped(self) -> list[str]:
        """Members of the object with a secret in them."""
        return [f"{MEMBER_OF[v.klass]}.{v.host}" for v in self.obj.variables if v.keep]

    def leaves(self, klass: str) -> bool:
        """Whether a class has anything beside its secrets."""
        return bool(self.moved(klass, "", ""))

    def moved(self, klass: str, to: str, source: str) -> list[str]:
        """The statements that copy a class but for its secrets: not for a moment are they there."""
        taken = sorted((x.at, x.end) for x in map(variable_item, self.of(klass)))
        if not taken:
            return [f"{to} = {source};"]
        out, at = [], 0
        for begin, end in [*taken, (self.obj.layout(klass).bytes, 0)]:
            if begin > at:
                places = f"(unsigned char *)&{to} + {at}, (const unsigned char *)&{source} + {at}"
                out.append(f"memcpy({places}, {begin - at});")
            at = end
        return out
