# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about transfers: functions of host and driver, and their lines in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Object, Target, Transfer
from flue.model.c_names import Names
from flue.model.dataflow import ending
from flue.model.transfer import queues

from .expressions import bits
from .format import function


@dataclass(frozen=True)
class TransferView:
    target: Target
    names: Names
    obj: Object
    transfer: Transfer

    @property
    def name(self) -> str:
        return f"{self.obj.name}_{self.transfer.name}"

    @property
    def number(self) -> str:
        return self.names.transfer(self.obj.name, self.transfer.name)

    @property
    def chain(self) -> str:
        return f"struct {self.target.node.chain.host} *" if self.target.node.chain else "void *"

    @property
    def entry_signature(self) -> str:
        """What the host calls."""
        words = ["void *adapter"] + ([] if self.transfer.lent else ["void *context"])
        words.append(f"{self.chain}chain")
        if self.transfer.passes:
            words.append(f"uint32_t {self.transfer.passes}")
        returns = "int32_t" if self.transfer.accepted else "bool"
        return function(f"{returns} {self.names.low}_transfer_{self.name}", *words)

    @property
    def answer(self) -> str:
        """What the entry function returns, by whether it was accepted."""
        t = self.transfer
        call = ", ".join(
            (
                "adapter",
                self.number,
                "NULL" if t.lent else "context",
                "chain",
                t.passes or "0",
            )
        )
        if not t.accepted:
            return f"flue_transfer({call})"
        refused = self.names.status(t.refused) if t.refused else "-1"
        return f"flue_transfer({call}) ? {self.names.status(t.accepted)} : {refused}"

    @property
    def done_signature(self) -> str:
        low = self.names.low
        words = (f"struct {low}_target *target", "flue_name name", "uint32_t position")
        return function(f"bool {low}_transfer_{self.name}_done", *words)

    def call(self, adapter: str, context: str, chain: str, number: str) -> str:
        """Of the entry function."""
        words = [adapter] + ([] if self.transfer.lent else [context]) + [chain]
        words += [number] if self.transfer.passes else []
        return f"{self.names.low}_transfer_{self.name}({', '.join(words)})"

    @property
    def is_accepted(self) -> str:
        """Behind a call: whether it was."""
        accepted = self.transfer.accepted
        return f" == {self.names.status(accepted)}" if accepted else ""

    @property
    def statuses(self) -> str:
        return bits(
            [f"UINT64_C(1) << {self.names.status_index(s)}" for s in self.transfer.statuses]
        )

    @property
    def good(self) -> str:
        """The status of an element while the hardware has it, and says no other."""
        return next(s.name for s in self.target.statuses if s.good and s.value is not None)

    def promises(self) -> dict[str, str]:
        """What a host may hold the target to (drivers/simulate)."""
        t, n = self.transfer, self.names
        if t.lent:
            return {"kind": "FLUE_NO_BYTE", "lent": "true", "passes": str(bool(t.passes)).lower()}
        why = ("refused", "ending", "returned", "reset")
        return {
            "kind": n.kind(self.obj.name),
            "queue": str(queues(self.obj.transfers)[t.name]),
            "passes": str(bool(t.passes)).lower(),
            "good": n.status(self.good),
            **{x: n.status(getattr(t, x)) for x in why},
            "statuses": self.statuses,
        }

    def row(self) -> dict[str, str]:
        t, n = self.transfer, self.names
        some = {"name": f'"{self.obj.name}.{t.name}"', "take": f"{n.low}_take_{self.name}"}
        if t.lent:
            return some | {"kind": "FLUE_NO_BYTE"}
        return some | {
            "kind": n.kind(self.obj.name),
            "queue": str(queues(self.obj.transfers)[t.name]),
            "taken": n.status_index(self.good),
            **{
                x: n.status_index(getattr(t, x)) for x in ("refused", "ending", "returned", "reset")
            },
            "statuses": self.statuses,
            "complete": f"{n.low}_complete_{self.name}",
        }

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states in which elements go; those in which they end, where none is the hardware's; and on the way there."""
        if self.transfer.lent:
            return []
        states, ends = self.obj.states, ending(self.target, self.obj)
        go = [(s, "GO") for s in self.transfer.states]
        end = [(s.name, "END") for s in states if s.hardware == "has_not"]
        on_the_way = [(s.name, "ENDING") for s in states if s.busy in ends]
        return [(self.names.state(self.obj.name, s), word) for s, word in go + end + on_the_way]


def transfer_views(target: Target, names: Names) -> list[TransferView]:
    return [TransferView(target, names, o, t) for o in target.objects for t in o.transfers]
