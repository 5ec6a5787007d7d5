# SPDX-License-Identifier: BSD-2-Clause
"""The host's node, its members, and the structures around it."""

from __future__ import annotations

from dataclasses import dataclass

from .location import Placed, Where
from .transfer import Chain

ROLES = ("placeholder", "new", "reference")


@dataclass(frozen=True)
class Member(Placed):
    """One member of the host's node, or of a structure it points to."""

    name: str
    type: str  # as written
    host: str
    at: int
    # type next dependents status context host_handle scratch data length handle code
    # target_handle host
    role: str
    layouts: tuple[str, ...]  # `in:`; empty = in all
    null_after: tuple[str, ...]  # operations
    where: Where
    doc: str = ""
    value: int | None = None  # written to it in a structure that the target makes itself


@dataclass(frozen=True)
class Struct(Placed):
    name: str
    host: str
    bytes: int
    members: tuple[Member, ...]
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class RoleRule(Placed):
    """A node's role, told by its context pointer and by what that points to; None = any."""

    role: str
    pointer: str | None  # empty | set
    value: str | None  # empty | set
    state_follows: str  # never | all | by_type
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class Node(Placed):
    name: str
    layouts: tuple[Struct, ...]  # the first is the one the target is handed
    structs: tuple[Struct, ...]
    roles: tuple[RoleRule, ...]
    doc: str
    file: str
    where: Where
    word_bytes: int = 8  # of a pointer on the host
    chain: Chain | None = None  # what transfers are chains of

    @property
    def context_points(self) -> bool:
        """The context member points to the handle's cell; else it is the cell."""
        return any(m.type.endswith("*") for m in self.with_role("context"))

    @property
    def members(self) -> tuple[Member, ...]:
        return self.layouts[0].members

    def with_role(self, role: str) -> tuple[Member, ...]:
        return tuple(m for m in self.members if m.role == role)

    @property
    def state_header(self) -> Struct | None:
        """The structure every state structure begins with, if there is one."""
        return next((s for s in self.structs if any(m.role == "length" for m in s.members)), None)
