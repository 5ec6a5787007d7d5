# SPDX-License-Identifier: BSD-2-Clause
"""Commands of an object, and the plans that send them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flue import model as m
from flue.syntax.tree import Located

from .contexts import context_of
from .links import linked_objects, mention_linked
from .namespace import Names
from .reserved import check_reserved
from .scope import Scope
from .variables import carried_names, returned_names


@dataclass(frozen=True)
class Moved:
    """What commands may carry, and what their answers may bring."""

    carried: Names
    returned: Names


def commands(
    scope: Scope, tree: Located, variables: tuple[m.Variable, ...]
) -> tuple[m.Command, ...]:
    known = Names(scope.report, "command", tree.names("commands"))
    moved = Moved(carried_names(scope, tree, variables), returned_names(scope, tree))
    _mention_linked(scope, tree)
    return tuple(
        _command(scope, name, i, n, known, moved, variables)
        for i, (name, n) in enumerate(tree.items("commands"))
    )


def _mention_linked(scope: Scope, tree: Located) -> None:
    to = linked_objects(tree)
    carried = (x for _, n in tree.items("commands") for x in n.each("carries"))
    for node, link in ((x, str(x.value).partition(".")[0]) for x in carried if "." in str(x.value)):
        below = scope.objects.get(to.get(link, ""))
        section = below.get("variables", m.DEVICE) if below is not None else None
        mention_linked(scope.report, node, to, section.keys if section is not None else {})


def _command(
    scope: Scope,
    name: str,
    index: int,
    n: Located,
    known: Names,
    moved: Moved,
    variables: tuple[m.Variable, ...],
) -> m.Command:
    answers = n.get("answers")
    scope.answers.find_all(n.each("answers"))
    return m.Command(
        name=name,
        index=index,
        carries=moved.carried.find_all(n.each("carries")),
        returns=moved.returned.find_all(n.each("returns")),
        effects=tuple(
            _effect(scope, k, e, moved.carried, variables) for k, e in n.items("effects")
        ),
        answers=("failure",) if answers is None else tuple(a.value for a in answers.each()),
        hardware=n.text("hardware") or None,
        undo=known.find(n.get("undo"), ("old_values", "none")),
        unchanged_on_failure=n.get("on_failure") is not None,
        timeout_ms=n.number("timeout_ms", scope.target.number("timeout_ms", 1)),
        runs_in=context_of(scope, n, "runs_in", "commands"),
        doc=n.text("doc"),
        where=n.name_where,
        source=n,
    )


def check_timeouts(scope: Scope) -> None:
    """Every command has one, or the target says it for all."""
    commands = [x for tree in scope.objects.values() for x in tree.items("commands")]
    lacking = [(name, n) for name, n in commands if "timeout_ms" not in n.keys]
    if lacking and "timeout_ms" not in scope.target.keys:
        name, n = lacking[0]
        more = len(lacking) - 1
        what = f"and {more} others lack" if more > 1 else "and another lack" if more else "lacks"
        text = f'"{name}" {what} the key "timeout_ms", and so does the target'
        hint = "timeout_ms: of the target, for every command"
        scope.report.missing(n.name_where, "missing-key", "timeout_ms", text, hint)


def _effect(
    scope: Scope, name: str, n: Located, carried: Names, variables: tuple[m.Variable, ...]
) -> m.Effect:
    if name in carried.known:
        text = f'effect "{name}" has the name of a variable, flag or link: both may be arguments'
        scope.report.error(n.name_where, "clashing-name", text)
    known = Names(scope.report, "variable", [v.name for v in variables])
    check_reserved(scope.report, "effect", name, n.name_where)
    to = n.get("to")
    value = to.value if to is not None and to.kind == "number" else known.find(to, ("full",))
    return m.Effect(
        name=name,
        sets=known.find(n.get("sets")) or "",
        to="full" if value is None else value,
        unless_equal=bool(n.get("unless_equal") and n.at("unless_equal").value),
        where=n.name_where,
        doc=n.text("doc"),
        source=n,
    )


UPDATE = (
    "update"  # the plan that has no other name: its section, and what `plan:` and `undo:` call it
)


def plans(scope: Scope, tree: Located) -> Names:
    """The names of the plans. What takes one back is told from what takes a command back by its name."""
    found = Names(scope.report, "plan" if tree.get("plans") is not None else "section")
    for name, n in _plans(tree):
        found.declare(name, n.name_where)
        check_reserved(scope.report, "plan", name, n.name_where)
        if name in tree.names("commands"):
            text = f'plan "{name}" has the name of a command: nobody can tell which is undone'
            scope.report.error(n.name_where, "clashing-name", text)
    return found


def _plans(tree: Located) -> list[tuple[str, Located]]:
    update = tree.get(UPDATE)
    return [*([(UPDATE, update)] if update is not None else []), *tree.items("plans")]


def plan_rules(
    scope: Scope, tree: Located, changing: Names, variables: tuple[m.Variable, ...]
) -> tuple[m.PlanRule, ...]:
    pulses = Names(scope.report, "pulse", [f.name for v in variables for f in v.flags if f.pulse])
    known = Names(scope.report, "command", tree.names("commands"))
    cached = Names(
        scope.report, "cached variable", [v.name for v in variables if v.klass == "cached"]
    )
    found: list[m.PlanRule] = []
    for section, irreversible in (("plan", False), ("then", True)):
        joined: list[m.PlanRule] = []
        for plan, lines in _plans(tree):
            own = []
            for i, n in enumerate(lines.each(section)):
                send = known.find(n.get("send"), ("nothing",))
                brought = cached.find_all(n.each("brought"))
                rule = m.PlanRule(
                    changed=(*changing.find_all(n.each("changed")), *brought),
                    brought=brought,
                    pulse=pulses.find(n.get("pulse")),
                    send=None if send == "nothing" else send,
                    effect=_effect_of(scope, tree, n, send),
                    irreversible=irreversible,
                    lines=((plan, i, n.where),),
                    where=n.where,
                    source=n,
                )
                own.append(rule)
            _join(joined, own)
        found += joined
    return tuple(found)


def _join(found: list[m.PlanRule], own: list[m.PlanRule]) -> None:
    """Add the lines of one more plan, each before what it has behind it; those that are there count once."""
    before = len(found)
    for rule in reversed(own):
        at = next((i for i, x in enumerate(found) if _says(x) == _says(rule)), None)
        if at is not None and rule.plans[0] not in found[at].plans:
            found[at] = replace(found[at], lines=found[at].lines + rule.lines)
            before = min(before, at)
        else:
            found.insert(before, rule)


def _says(rule: m.PlanRule) -> tuple:
    """What a line says, wherever it stands."""
    told = frozenset(rule.changed), frozenset(rule.brought), rule.pulse
    return (*told, rule.send, rule.effect, rule.irreversible)


def _effect_of(scope: Scope, tree: Located, n: Located, send: str | None) -> str | None:
    if n.get("effect") is None or send is None:
        return None
    effects = tree.get("commands", send, "effects")
    names = effects.keys if effects is not None else ()
    known = Names(scope.report, "effect", names, note=f' of command "{send}"')
    return known.find(n.get("effect"))


def plan_order(
    found: tuple[m.Command, ...], rules: tuple[m.PlanRule, ...]
) -> tuple[m.Command, ...]:
    """Commands of the plan first, in its order: a plan is then a bit set, sent from bit 0 on."""
    planned = list(dict.fromkeys(r.send for r in rules if r.send is not None))
    rank = {name: i for i, name in enumerate(planned)}
    ordered = sorted(found, key=lambda c: rank.get(c.name, len(rank)))
    return tuple(replace(c, index=i) for i, c in enumerate(ordered))
