# SPDX-License-Identifier: BSD-2-Clause
"""One object file -> Object: codes, layouts, update rules, indications, the machine."""

from __future__ import annotations

from flue import model as m
from flue.syntax.tree import Located

from .commands import commands, plan_order, plan_rules, plans
from .events import device_events
from .expand import Expansion, expand
from .links import link_names, linked_objects, links
from .machine import MachineNames, conditions, states, told
from .namespace import Names
from .retries import unroll
from .steps import spell_out
from .scope import Scope, declare, variants_of
from .transfers import transfers
from .transition_table import Declarations, fill
from .variables import carried_names, layouts, variables


def resolve_object(
    scope: Scope, index: int, name: str, tree: Located, declared: Declarations
) -> m.Object:
    vars_ = variables(scope, tree, variants(scope, tree))
    by_name = {v.name: v for v in vars_}
    scope.variables[name] = by_name
    found_links = links(scope, tree, by_name)
    declared_states = declare(scope.report, "state", tree.get("states"))
    raised = device_events(scope, tree)
    names = _machine_names(scope, tree, by_name, declared_states)
    names.data = {e.name: tuple(n for n, _ in e.data) for e in raised}
    own = conditions(
        scope, tree.get("conditions"), name, by_name, names.conditions, _linked(scope, tree)
    )
    rules = plan_rules(scope, tree, carried_names(scope, tree, vars_, classes=False), vars_)
    written = states(scope, tree.get("states"), names)
    single = unroll(scope.report, spell_out(scope.report, written))
    made = expand(single, declared.table)
    groups = _groups(tree, declared_states, made)
    return m.Object(
        name=name,
        index=index,
        doc=tree.text("doc"),
        links=found_links,
        variant_of=_variant_of(scope, tree, found_links),
        variants=variants(scope, tree),
        full_status=scope.statuses.find(tree.get("pool", "full")) or "",
        layouts=layouts(tree),
        variables=vars_,
        commands=plan_order(commands(scope, tree, vars_), rules),
        plans=tuple(names.sections.known),
        plan=rules,
        conditions=own,
        groups=tuple(groups.items()),
        raises=_raises(scope, tree, groups, names, made),
        sees=_sees(scope, tree),
        states=made.states,
        cells=fill(name, made, declared, scope.report, [e.name for e in raised]),
        events=raised,
        transfers=transfers(scope, tree, groups, declared_states, made),
        type_codes=_type_codes(tree, name),
        file=tree.where.file,
        where=tree.at("object").where,
        source=tree,
    )


def _linked(scope: Scope, tree: Located) -> dict[str, dict[str, m.Variable] | None]:
    """The variables of what each link leads to, which stands before this object."""
    to = linked_objects(tree)
    return {link: scope.variables.get(to.get(link, "")) for link in link_names(tree)}


def variants(scope: Scope, tree: Located) -> tuple[str, ...]:
    """Its own variants, or those of the object it takes its variant from."""
    below = scope.objects.get(tree.text("variant_of"))
    return tuple(variants_of(below if below is not None else tree))


def _machine_names(scope: Scope, tree: Located, by_name: dict, states_: Names) -> MachineNames:
    report = scope.report
    asked = declare(report, "condition", tree.get("conditions"))
    for name, where in list(asked.known.items()):
        first = scope.conditions.known.get(name)
        if first is not None and where is not None:
            text = f'condition "{name}" is already declared at {first.file}:{first.line}'
            report.error(where, "clashing-name", text)
    asked.known = {**scope.conditions.known, **asked.known}
    asked.home = 'under "conditions", here or (for all objects) in the target\'s file'
    return MachineNames(
        conditions=asked,
        commands=declare(report, "command", tree.get("commands")),
        sections=plans(scope, tree),
        states=states_,
        variables=by_name,
        events=tuple(n for n, _ in tree.items("events")),
    )


def _variant_of(scope: Scope, tree: Located, links_: tuple[m.Link, ...]) -> str | None:
    node = tree.get("variant_of")
    found = scope.object_names.find(node)
    if node is None or found is None:
        return None
    above = next((x.to for x in links_ if x.by is None), None)
    if above != found:
        text = f'"{found}" is not what it links to by the node above'
        scope.report.error(node.where, "unknown-name", text)
    elif not variants_of(scope.objects[found]):
        scope.report.error(node.where, "unknown-name", f'object "{found}" has no variants')
    return found


def _type_codes(tree: Located, name: str) -> tuple[m.TypeCode, ...]:
    classes = tuple(k for k in m.CLASSES if tree.get("layout", k))
    found = []
    for key, value in tree.items("type_codes"):
        variant = key if value.kind == "map" else None
        for klass, code in value.items() if value.kind == "map" else [(key, value)]:
            held = classes if klass == "all" else m.TOGETHER.get(klass, (klass,))
            found.append(m.TypeCode(code.value, name, variant, held, klass))
    return tuple(found)


def _groups(tree: Located, states_: Names, made: Expansion) -> dict[str, tuple[str, ...]]:
    known = Names(states_.report, "state")
    known.known = {**states_.known, **made.names()}
    return {name: known.find_all(n.each()) for name, n in tree.items("groups")}


def _raises(
    scope: Scope,
    tree: Located,
    groups: dict[str, tuple[str, ...]],
    names: MachineNames,
    made: Expansion,
) -> tuple[m.Raise, ...]:
    states_ = names.states.known if names.states else {}
    known = Names(scope.report, "state or group", [*groups, *states_, *made.names()])
    found = []
    for name, n in tree.items("raises"):
        if not scope.indications.knows(tree.at("raises").keys[name], name):
            continue
        written = tuple((str(x.value), x.where) for x in n.each("in") if known.find(x))
        held = dict.fromkeys(s for x, _ in written for s in groups.get(x, (x,)))
        asked = names.conditions.find(n.get("if"))
        in_ = made.all_of(tuple(held))
        found.append(m.Raise(name, in_, written, asked, n.name_where, source=n))
    return tuple(found)


def _sees(scope: Scope, tree: Located) -> tuple[m.Sees, ...]:
    found = []
    for mark, n in tree.items("sees"):
        if not scope.marks.knows(tree.at("sees").keys[mark], mark):
            continue
        pairs = tuple(x for x in (told(scope, item) for item in n.each()) if x is not None)
        found.append(m.Sees(mark, pairs, n.name_where, source=n))
    return tuple(found)
