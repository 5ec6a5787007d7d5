# SPDX-License-Identifier: BSD-2-Clause
"""Conditions, arms, states and defaults: what the machines are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from flue import model as m
from flue.syntax.tree import Located

from . import operands
from .circles import check_circles
from .expand import BEFORE
from .links import along
from .namespace import Names
from .scope import Scope
from .settings import settings
from .steps import ALL

_DOES = ("send", "plan", "undo")
_RETRY = "retry"
_WHOLE = {"refuse": m.Handling.REFUSE, "stay": m.Handling.STAY, "defer": m.Handling.DEFER}


@dataclass
class MachineNames:
    """The names an arm may use."""

    conditions: Names
    commands: Names
    sections: Names  # what `plan:` may name
    states: Names | None  # None in defaults: known only where the default is used
    variables: dict[str, m.Variable]
    events: tuple[str, ...] = ()  # of the device, beside those that all machines have
    data: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what goes along with those


def conditions(
    scope: Scope,
    section: Located | None,
    owner: str | None,
    variables: dict[str, m.Variable],
    asked: Names,
    links: operands.Linked,
) -> tuple[m.Condition, ...]:
    """The conditions of a section; `asked` are those that they may be made of."""
    if section is None:
        return ()
    home = (
        f'under "links" of {owner}' if owner else "here: an object's own conditions name its links"
    )
    known = Names(scope.report, "link", links, home=home)
    found = tuple(
        _condition(scope, name, n, owner, variables, asked, known, links)
        for name, n in section.items()
    )
    check_circles(scope.report, found)
    return found


def _condition(
    scope: Scope,
    name: str,
    n: Located,
    owner: str | None,
    variables: dict[str, m.Variable],
    asked: Names,
    links: Names,
    linked: operands.Linked,
) -> m.Condition:
    form = next((f for f in m.FORMS if n.get(f)), "dependents")
    known = Names(scope.report, "variable", variables, home=operands.ELSEWHERE)
    brought = known.find(n.get("brought"))
    own_time = operands.older(scope, n, variables)
    form = "compare" if own_time else form
    than = next(iter(operands.own_times(scope, n, "than")), None)
    left = own_time or operands.left(scope, n.get("compare") or n.get("flags"), variables, linked)
    values = _enum_values(scope, n, variables[brought].type) if brought else ()
    return m.Condition(
        name=name,
        form=form,
        marks=scope.marks.find_all(n.each("marked")),
        along=along(scope, n.get("where")),
        link=n.text("link") or None,
        of=links.find(n.get("of")),
        klass=n.text("asked") or None,
        variable=brought,
        values=tuple(v for _, v in values),
        value_names=tuple(k for k, _ in values),
        older=() if own_time else known.find_all(operands.own_times(scope, n, "older")),
        than=None if n.text("than") in variables else scope.parameters.find(than),
        left=left,
        relation="above" if own_time else n.text("is") if form == "compare" else None,
        right=operands.right(scope, n.get("than" if own_time else "with"), left, variables, linked),
        flags=operands.flags(scope, name, n, left, variables, linked) if form == "flags" else None,
        results=scope.results.find_all(n.each("result")),
        parts=asked.find_all(n.each(form)) if form in m.JOINED else (),
        owner=owner,
        doc=n.text("doc"),
        where=n.name_where,
        source=n,
    )


def _enum_values(scope: Scope, n: Located, type_: m.Type) -> tuple[tuple[str, int], ...]:
    enum = dict(type_.enum)
    names = Names(scope.report, "value", note=f' of type "{type_.name}"')
    names.known = scope.values(type_)
    return tuple((v, enum[v]) for v in names.find_all(n.each("in")))


def when(
    scope: Scope, section: Located | None, names: MachineNames
) -> tuple[tuple[str, tuple[m.Arm, ...]], ...]:
    """The arms of each event of a `when:` section, in its order."""
    found = []
    if section is None:
        return ()
    for event, arms in section.items():
        if not scope.events.knows(section.keys[event], event, names.events):
            continue
        found.append((event, tuple(_arm(scope, arm, names, event) for arm in arms.each())))
    return tuple(found)


def _arm(scope: Scope, n: Located, names: MachineNames, event: str) -> m.Arm:
    _check_keys(scope, n, names.states is not None)
    whole = next((w for w in _WHOLE if n.get(w)), None)
    verb = next((v for v in _DOES if n.get(v)), None)
    state = n.get("to")
    to = None
    if state is not None:
        to = names.states.find(state, (BEFORE,)) if names.states else _any_state(scope, state)
    status = n.get("refuse") or n.get("status")
    own = () if n.get("refuse") else ("from_command",)
    return m.Arm(
        handling=_WHOLE[whole] if whole else m.Handling.ARM,
        condition=names.conditions.find(n.get("if")),
        verb=verb,
        subject=_subject(n, verb, names),
        mark=scope.marks.find(n.get("mark")),
        to=to,
        status=scope.statuses.find(status, own),
        where=n.where,
        steps=_steps(n, names),
        retry=n.number("retry") if n.get("retry") else 0,
        tell=told(scope, n.at("tell")) if n.get("tell") else None,
        clear=scope.marks.find(n.get("clear")),
        sets=settings(scope, n, names.variables, names.data.get(event, ())),
        source=n,
    )


def _any_state(scope: Scope, node: Located) -> str:
    """Of a default: it is the state of that name of each object."""
    scope.states.mention(node.where, str(node.value), (BEFORE,))
    return str(node.value)


def told(scope: Scope, n: Located) -> tuple[str, str | None] | None:
    """An indication, with the reason it is made for where it has reasons."""
    name, _, reason = str(n.value).partition(".")
    if not scope.indications.knows(n.where, name):
        return None
    known = scope.target.get("indications", name)
    reasons = [r for r, _ in known.items("reasons")] if known is not None else []
    if reason:
        names = Names(scope.report, "reason", note=f' of "{name}"')
        names.known.update(known.at("reasons").keys if known is not None and reasons else {})
        names.mention(n.part(1), reason)
    if reason and reason not in reasons:
        names.unknown(n.where, reason)
    elif reasons and not reason:
        text = f'"{name}" needs a reason: {name}.{reasons[0]}, or another of its reasons'
        scope.report.error(n.where, "missing-key", text)
    return name, reason or None


def _steps(n: Located, names: MachineNames) -> tuple[str, ...]:
    """The commands of a list of several."""
    listed = n.each("send")
    return names.commands.find_all(listed) if len(listed) > 1 else ()


def _subject(n: Located, verb: str | None, names: MachineNames) -> str | None:
    if verb == "send":
        return names.commands.find(next(iter(n.each("send")), None))
    if verb == "plan":
        return names.sections.find(n.get("plan"))
    if verb == "undo":
        several = (ALL,) if names.states else ()  # a default knows no commands
        return names.commands.find(n.get("undo"), (*names.sections.known, *several))
    return None


def _check_keys(scope: Scope, n: Located, in_object: bool) -> None:
    """At most one of send, plan, undo; and refuse, stay, defer stand alone."""
    does = [k for k in n.keys if k in _DOES]
    for key in does[1:]:
        text = f'"{key}" beside "{does[0]}": an arm does one of send, plan and undo'
        scope.report.error(n.keys[key], "conflicting-keys", text)
    if n.get(_RETRY) and not in_object:
        text = '"retry" in a default: commands belong to objects'
        scope.report.error(n.keys[_RETRY], "conflicting-keys", text)
    if n.get("set") and not in_object and not n.get("stay"):
        text = '"set" in a default: variables belong to objects'
        scope.report.error(n.keys["set"], "conflicting-keys", text)
    alone = [k for k in n.keys if k not in ("if", _RETRY)] if n.get(_RETRY) else []
    if alone:
        text = f'"{alone[0]}" beside "retry": the same is sent, and nothing else is done'
        scope.report.error(n.keys[alone[0]], "conflicting-keys", text)
    whole = next((k for k in n.keys if k in _WHOLE), None)
    fitting = ("if", "defer", "mark") if whole == "defer" else ("if", whole or "")
    for key in n.keys if whole else ():
        if key not in fitting and n.get(key) is not None:
            text = f'"{key}" beside "{whole}": {whole} stands alone, or with {_and(fitting)}'
            scope.report.error(n.keys[key], "conflicting-keys", text)
    if not set(n.keys) - {"if"}:
        known = "send, plan, undo, retry, mark, clear, set, to, tell, status, refuse, stay or defer"
        text = f"this arm does nothing: say {known}"
        scope.report.error(n.where, "missing-key", text)


def _and(fitting: tuple[str, ...]) -> str:
    return " and ".join(k for k in fitting if k not in _WHOLE)


def states(scope: Scope, section: Located | None, names: MachineNames) -> tuple[m.State, ...]:
    found = []
    for i, (name, n) in enumerate(section.items() if section is not None else ()):
        rest, busy = n.get("rest"), n.get("busy")
        if rest and busy:
            text = '"busy" beside "rest": a state is at rest or busy'
            scope.report.error(n.keys["busy"], "conflicting-keys", text)
        elif not {"rest", "busy"} & set(n.keys):
            text = f'"{name}" lacks the key "rest" or "busy"'
            scope.report.error(n.name_where, "missing-key", text)
        elif rest:
            _check_before(scope, n.get("when"))
        found.append(
            m.State(
                name=name,
                index=i,
                doc=n.text("doc"),
                busy=scope.operations.find(busy, ("nobody",)),
                host=rest.text("host") if rest else None,
                hardware=rest.text("hardware") if rest else None,
                written=when(scope, n.get("when"), names),
                where=n.name_where,
                waits=n.get("waits") is not None,
                source=n,
            )
        )
    return tuple(found)


def _check_before(scope: Scope, section: Located | None) -> None:
    """Where an object comes from is a question of busy states."""
    for _, arms in section.items() if section is not None else ():
        for arm in arms.each():
            to = arm.get("to")
            if to is not None and to.value == BEFORE:
                text = '"before" in a state at rest: only what is busy came from another'
                scope.report.error(to.where, "conflicting-keys", text)


def _excuse(scope: Scope, raised: tuple[str, ...]) -> None:
    """Events that nobody has may be those of an object whose file is missing: that is said already."""
    if all(str(x.value) in scope.objects for x in scope.target.each("objects")):
        return
    for _, section in scope.target.items("defaults"):
        scope.report.explain(e for e in section.keys if e not in scope.events and e not in raised)


def defaults(scope: Scope, conditions_: Names) -> tuple[m.Default, ...]:
    """Lines of the target's `defaults:`. They know no commands: those belong to objects."""
    nothing = " in a default: commands belong to objects"
    commands = Names(scope.report, "command", note=nothing)
    raised = tuple(e for tree in scope.objects.values() for e, _ in tree.items("events"))
    names = MachineNames(conditions_, commands, Names(scope.report, "section"), None, {}, raised)
    _excuse(scope, raised)
    scopes = ["idle", "busy", "busy.nobody"] + [f"busy.{o}" for o in scope.operations.known]
    sorts = Names(scope.report, "sort of states", scopes)
    found = []
    for sort, section in scope.target.items("defaults"):
        if not sorts.knows(scope.target.at("defaults").keys[sort], sort):
            continue
        if sort == "idle":
            _check_before(scope, section)
        for event, arms in when(scope, section, names):
            where = section.keys[event]
            found.append(m.Default(sort, event, arms, where, source=section.get(event)))
    return tuple(found)
