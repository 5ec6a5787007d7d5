# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about operations: their lines in the target's tables."""

from __future__ import annotations

from flue.model import TOGETHER, Object, Operation, RollUp, Target
from flue.model.c_names import Names
from flue.model.dataflow import ending
from flue.model.dependents import COUNTS, stood_on, sweeping

from .expressions import bits, class_bit

ORDERS = {
    "any": "ANY_ORDER",
    "parents_first": "PARENTS_FIRST",
    "dependents_first": "DEPENDENTS_FIRST",
}


def member_offset(names: Names, member: str) -> str:
    return f"offsetof({names.struct('node')}, {member})"


class OperationRows:
    """A line of each table for one operation, with its entries as C."""

    def __init__(self, target: Target, names: Names) -> None:
        self.target, self.names = target, names

    @property
    def success(self) -> str:
        """The status of a node whose own part is trivially good."""
        first = self.target.first_good
        assert first
        return first.name

    def row(self, o: Operation) -> dict[str, str]:
        used = {"all": "FLUE_ALL_CLASSES", "any": "FLUE_USES_ANY", "none": "0"}
        returns = "FLUE_RETURNS_ASKED" if isinstance(o.returns, str) else self._classes(o.returns)
        null = [m.host for m in self.target.node.members if m.name in o.null_after]
        some = self._others(o) | self._together(o)
        return some | {
            "name": f'"{o.name}"',
            "reaches_new": str(o.reaches == "new").lower(),
            "brings_link": str("link" in o.brings).lower(),
            "ends": str(o.name in ending(self.target)).lower(),
            "order": f"FLUE_{ORDERS[o.order]}",
            # Where no order makes nodes wait for their parents, one under a failed one is misused.
            "parent_failed": self._status(o.parent_failed or self.target.stale_handle),
            "brings": self._classes(o.brings),
            "returns": returns,
            "state_used": used.get(o.state_used)
            or self._classes(TOGETHER.get(o.state_used, (o.state_used,))),
            "null_after": member_offset(self.names, null[0]) if null else "FLUE_NO_MEMBER",
            "held": str(any(o.name in m.hold for m in self.target.modes)).lower(),
            "removed": self._status(self._when_removed(o.name)),
        }

    @property
    def counts(self) -> list[str]:
        """Roles of members that tell the host how many dependents were reached."""
        return list(COUNTS) if sweeping(self.target) else []

    def stands_on(self, obj: Object) -> str:
        """A line with the kinds that an object may stand on, where that is asked."""
        kinds = stood_on(self.target, obj) if sweeping(self.target) else ()
        of = bits([f"1u << {self.names.kind(k)}" for k in kinds])
        return f"\n        .stands_on = {of}," if kinds else ""

    def _others(self, o: Operation) -> dict[str, str]:
        """Kinds whose nodes are refused, where the operation is not about all; whom it reaches."""
        kinds = [self.names.kind(x.name) for x in self.target.objects if not o.may_name(x.name)]
        reaches = {"reaches_dependents": "true"} if o.dependents else {}
        if not kinds:
            return reaches
        refused = self.names.status_index(self.target.refusal(o))
        return reaches | {"others": bits([f"1u << {k}" for k in kinds]), "others_status": refused}

    def _together(self, o: Operation) -> dict[str, str]:
        """Where it is done by all nodes or by none."""
        return {"together": "true", "aborted": self._status(o.aborted)} if o.together else {}

    def _classes(self, words: tuple[str, ...]) -> str:
        return bits([class_bit(k) for k in words if k != "link"])

    def _status(self, name: str | None) -> str:
        return self.names.status_index(name) if name else "FLUE_STATUS_NONE"

    def _when_removed(self, operation: str) -> str | None:
        modes = [m for m in self.target.modes if m.resets_all]
        return next((s for m in modes for o, s in m.refuse if o == operation), None)

    def roll_up(self, r: RollUp) -> str:
        status = "FLUE_STATUS_OWN" if r.status == "own" else self.names.status_index(r.status)
        own = f"FLUE_OWN_{(r.own or 'any').upper()}"
        return f"{{FLUE_{r.role.upper()}, {own}, FLUE_DEPENDENTS_{(r.dependents or 'any').upper()}, {status}}}"

    def results(self, o: Operation) -> list[tuple[str, str]]:
        """(result, status) for every result; a good one is the trivial success. The check knows
        that those without a status never come; should one, it is taken for misuse, and is bad."""
        named = {r: o.status_of(r) or self.target.stale_handle for r in self.target.results}
        # Nothing of its own was wrong with a node that is taken back because others failed.
        named["ok"] = o.aborted or self.success
        return [(self.names.result(r), self.names.status_index(s)) for r, s in named.items()]
