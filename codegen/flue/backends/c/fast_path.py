# SPDX-License-Identifier: BSD-2-Clause
"""The fast path of an operation over one kind of object, where the spec has one.

An operation has one on an object if its nodes may go in any order and stand for themselves, which
those of one that is done `together` do not; if it brings one class of variables, none of them a
pointer, and returns none; if no command of its plan names what a link that stays leads to (whether
that is there is asked when it is sent); and if the machine serves it in the plainest manner: from one
state, which no restore puts back, once no guard refuses, by the
plan; and back to that very state, when all is done, with a good status.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Arm, Cell, Object, Operation, PlanRule, Target
from flue.model.c_names import Names
from flue.model.absence import stands_on
from flue.model.queries import named_links, plan_commands

from .tables import restores

MOST_TYPES = 4  # struct flue_fast has room for


@dataclass(frozen=True)
class FastPath:
    operation: str  # C names from here on
    links_to: str
    link_count: int
    rest: str
    busy: str
    used_class: str
    klass: str
    status: str  # its name in the spec
    types: tuple[str, ...]
    plan_count: int


def fast_path(target: Target, names: Names, obj: Object) -> FastPath | None:
    """The first that there is; an object has one at most, and with secrets none: they leave no traces
    on a way of their own, or on none. With several plans there is none, either."""
    if any(v.secret for v in obj.variables) or len(obj.plans) > 1:
        return None
    for op in target.operations:
        if _plain(op):
            for state in obj.states:
                found = _serving(obj, op, obj.cell(state.name, op.name))
                if found:
                    return _fast_path(target, names, obj, op, state.name, *found)
    return None


def _plain(op: Operation) -> bool:
    """Any order, existing objects, one class brought, none returned; a reference is for itself."""
    own = next((r for r in op.roll_up if r.role == "reference"), None)
    classes = [c for c in op.brings if c != "link"]
    return (
        op.order == "any"
        and not op.together
        and op.reaches == "reference"
        and classes == [op.state_used]
        and not op.returns
        and not op.null_after
        and own is not None
        and (own.own, own.dependents, own.status) == (None, None, "own")
    )


def _serving(obj: Object, op: Operation, cell: Cell) -> tuple[Arm, Arm] | None:
    """The arm that plans and the one that answers `done`, if both are as plain as can be."""
    plan = cell.arms[-1]
    if (
        not cell.possible
        or plan.verb != "plan"
        or plan.mark
        or plan.clear
        or plan.sets
        or plan.status
        or not plan.to
    ):
        return None
    if any(arm.verb or arm.mark or arm.clear or arm.sets or arm.to for arm in cell.arms[:-1]):
        return None
    done = obj.cell(plan.to, "done").arms[0]
    good = obj.state(plan.to).busy == op.name and not (
        done.condition or done.verb or done.mark or done.clear or done.sets
    )
    # Back where it was, where no restore comes: nothing waits for it there, nothing is counted.
    back = done.to == cell.state and not restores(obj, obj.state(cell.state))
    # What is to be transferred does not wait for the end of it: nobody would look again.
    open_ = all((cell.state in t.states) == (plan.to in t.states) for t in obj.transfers)
    plain = good and back and open_ and done.status not in (None, "from_command")
    return (plan, done) if plain else None


def _fast_path(target, names, obj, op, rest: str, plan: Arm, done: Arm) -> FastPath | None:
    codes = [c for c in obj.type_codes if c.classes == (op.state_used,)]
    codes.sort(key=lambda c: obj.variants.index(c.variant) if c.variant else 0)
    pointers = any(v.type.kind == "pointer" for v in obj.of_class(op.state_used))
    data = any(c.returns for c in plan_commands(obj))
    one_each = [c.variant for c in codes] in ([None], list(obj.variants))
    below = any(_names_what_stays(target, obj, rule) for rule in obj.plan)
    if pointers or data or below or not one_each or len(codes) > MOST_TYPES:
        return None
    if not target.status(done.status).good:
        return None
    return FastPath(
        operation=names.operation(op.name),
        links_to=names.kind(obj.link_above.to) if obj.link_above else "FLUE_NO_BYTE",
        link_count=len(obj.links),
        rest=names.state(obj.name, rest),
        busy=names.state(obj.name, plan.to),
        used_class=f"FLUE_{op.state_used.upper()}",
        klass=op.state_used,
        status=done.status or "",
        types=tuple(str(c.code) for c in codes),
        plan_count=len({r.send for r in obj.plan if r.send}),
    )


def _names_what_stays(target: Target, obj: Object, rule: PlanRule) -> bool:
    """Whether a command that carries a link is sent for what may change while no link moves."""
    if rule.send is None or not stands_on(target, obj, obj.command(rule.send)):
        return False
    moved = {x.name for x in named_links(obj, rule.changed)} | {"link"}
    return not rule.changed or not moved.issuperset(rule.changed)
