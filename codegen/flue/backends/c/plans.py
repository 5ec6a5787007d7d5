# SPDX-License-Identifier: BSD-2-Clause
"""Questions as C: what an update changes, and the conditions of machines and indications.

The expressions use `q`, and for changed variables `node` (the host's cached structure) and `own`
(the object's copy of it).
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Condition, Object, PlanRule, Target, Variable
from flue.model.along import bits as bits_along
from flue.model.c_names import Names
from flue.model.queries import link_numbers, plan_commands, planning

from . import presence, word_compare
from .expressions import bits, class_bit
from .fields import bits_of, is_array, literal, only_guard

MAX_LINKS = 4  # FLUE_MAX_LINKS


def moves(link: int) -> str:
    """C: the request moves the link."""
    return f"q->new_links[{link}] != FLUE_NONE"


@dataclass(frozen=True)
class Need:
    """When a command of the plan is needed, or (effect) one effect of it."""

    name: str  # of the generated function: needs_write_mtu, effect_clear_total_rt
    command: str
    effect: str | None
    links: tuple[int, ...]  # a move of one of these is reason enough
    tests: tuple[str, ...]  # C tests of the node's cached state, any of which is reason enough
    together: tuple[str, ...]  # words of the spec that the first of them is about

    @property
    def reads_own(self) -> bool:
        return bool(self.together) or any("own->" in test for test in self.tests)

    @property
    def expression(self) -> str:
        link = " || ".join(map(moves, self.links))
        if not self.tests:
            return link
        if self.tests == ("true",):
            return f"{link} || node != NULL" if link else "node != NULL"
        joined = " ||\n                    ".join(self.tests)
        state = f"node && {joined}" if len(self.tests) == 1 else f"node && ({joined})"
        return f"{link} || ({state})" if link else state


def bytes_by_variant(names: Names, v: Variable) -> str:
    """The length of what a pointer names, as C."""
    pairs = v.type.variant_bytes
    if not pairs:
        return str(v.type.stored_bytes)
    text = f"{pairs[-1][1]}u"
    for variant, count in reversed(pairs[:-1]):
        text = f"q->object->variant == {names.variant(variant)} ? {count}u : {text}"
    return text


def differs(names: Names, obj: Object, v: Variable, mask: int | None) -> str:
    """Whether the node's value of a cached variable (or some bits of it) is not the object's."""
    a, b = f"node->{v.host}", f"own->{v.host}"
    if mask is not None:
        text = f"(({bits_of(v, a)} ^ {bits_of(v, b)}) & {mask:#x}u) != 0"
    elif v.type.kind == "age":
        text = f"{a} != flue_age(q->target, {names.low}_{obj.name}_of(q)->{v.name}_at)"
    elif v.type.kind == "pointer":
        text = f"memcmp({a}, {b}, {bytes_by_variant(names, v)}) != 0"
    elif is_array(v):
        text = f"memcmp({a}, {b}, sizeof {b}) != 0"
    else:
        text = f"{a} != {b}"
    return text


def guarded(names: Names, obj: Object, v: Variable, test: str) -> str:
    """The test, where the variable is there: in its variant, in the operations it is declared for."""
    there = presence.there(names, v, set(planning(obj)))
    parts = [only_guard(names, v)] if v.only else []
    parts += [there] if there else []
    return f"({' && '.join([*parts, test])})" if parts else test


def change(names: Names, obj: Object, word: str) -> str:
    """The test for one word of a `changed:` list, other than the link."""
    for v in obj.of_class("cached"):
        if v.name == word:
            kept = [f.mask for f in v.flags if not f.pulse]
            return guarded(names, obj, v, differs(names, obj, v, sum(kept) if v.flags else None))
        for f in v.flags:
            if f.name == word:
                return guarded(names, obj, v, differs(names, obj, v, f.mask))
    raise KeyError(word)


def comes(names: Names, obj: Object, word: str) -> str:
    """The test for a word of a `brought:` list: it is there, where the node has its class at all."""
    return guarded(names, obj, obj.variable(word), "true")


def pulse_test(names: Names, obj: Object, word: str) -> str:
    for v in obj.of_class("cached"):
        for f in v.flags:
            if f.name == word:
                test = f"({bits_of(v, f'node->{v.host}')} & {f.mask:#x}u) != 0"
                return guarded(names, obj, v, test)
    raise KeyError(word)


def need(names: Names, obj: Object, rules: list[PlanRule]) -> Need:
    """When the command, or the effect, of these rules is needed."""
    plainly = [r for r in rules if r.pulse is None]
    brought = [w for r in plainly for w in r.brought]
    named = [w for r in plainly for w in r.changed]
    words = [w for w in named if not link_numbers(obj, (w,)) and w not in brought]
    plain = [w for w in words if word_compare.plain(obj, w)]
    if len(plain) < 2:
        plain = []
    tests = [word_compare.word_test(obj, plain)] if plain else []
    tests += [change(names, obj, w) for w in words if w not in plain]
    tests += [comes(names, obj, w) for w in brought]
    tests += [pulse_rule(names, obj, r) for r in rules if r.pulse is not None]
    command, effect = rules[0].send or "", rules[0].effect
    name = f"effect_{effect}" if effect else f"needs_{command}"
    return Need(name, command, effect, link_numbers(obj, named), tuple(tests), tuple(plain))


def pulse_rule(names: Names, obj: Object, rule: PlanRule) -> str:
    """The pulse must be there, and one of the changes if any are named."""
    test = {w: comes for w in rule.brought}
    changed = [moves(i) for i in link_numbers(obj, rule.changed)]
    words = [w for w in rule.changed if not link_numbers(obj, (w,))]
    changed += [test.get(w, change)(names, obj, w) for w in words]
    first = pulse_test(names, obj, rule.pulse or "")
    if not changed:
        return first
    rest = changed[0] if len(changed) == 1 else "(" + " || ".join(changed) + ")"
    return f"({first} && {rest})"


def needs(names: Names, obj: Object) -> list[Need]:
    """For each command of the plan, or each effect of it: when it is needed."""
    out: list[Need] = []
    for command in plan_commands(obj):
        rules = [r for r in obj.plan if r.send == command.name]
        for effect in dict.fromkeys(r.effect for r in rules):
            out.append(need(names, obj, [r for r in rules if r.effect == effect]))
    return out


def along(target: Target, names: tuple[str, ...] | None) -> str:
    """Links along which marks count, as the runtime has them."""
    if names is None:
        return "FLUE_ALONG_ALL"
    found = bits_along(target, names, MAX_LINKS)
    return f"UINT64_C({found:#x})" if found else "0"


def used_conditions(target: Target, obj: Object) -> list[str]:
    """Names of the conditions that the object's machine asks, in the order they appear."""
    arms = [a for c in obj.cells if c.possible for a in c.arms]
    return list(dict.fromkeys(a.condition for a in arms if a.condition))


def condition_test(target: Target, names: Names, obj: Object, c: Condition) -> list[str]:
    """A condition as C tests, all of which must hold."""
    if c.form == "dependents":
        return ["flue_guard_dependents(q)"]
    if c.form == "marked":
        marks = bits([f"1u << {names.mark(m)}" for m in c.marks])
        return [f"flue_guard_marked(q, {marks}, {along(target, c.along)})"]
    if c.form == "link":
        guard = {"new": "new_", "next": "next_"}.get(c.link or "", "")
        asked = link_numbers(obj, (c.of or "link",))
        return [" || ".join(f"flue_guard_{guard}link_unusable(q, {i})" for i in asked)]
    if c.parts:
        each = [f"{names.low}_{obj.name}_{part}(q)" for part in c.parts]
        return {"not": [f"!{each[0]}"], "any_of": [" ||\n           ".join(each)]}.get(c.form, each)
    if c.form == "asked":
        return [f"flue_guard_asked(q, {class_bit(c.klass or '')})"]
    if c.form == "older":
        tests = []
        for word in c.older:
            v = obj.variable(word)
            tests.append(f"flue_age(q->target, own->{v.name}_at) > limit")
        return tests
    if c.form == "result":
        each = [f"flue_guard_result(q, {names.result(r)})" for r in c.results]
        return [" ||\n           ".join(each)]
    v = obj.variable(c.variable)
    values = [literal(value, v.type) for value in c.values]
    return [" || ".join(f"brought->{v.host} == {value}" for value in values)]
