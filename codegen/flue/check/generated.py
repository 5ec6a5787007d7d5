# SPDX-License-Identifier: BSD-2-Clause
"""What becomes of a spec: C names that must be different, and tables that must fit the runtime."""

from collections.abc import Iterator

from ..emit_names import Names, type_code_words
from ..model import Object, Target, Where
from .registry import rule

# Those of the runtime (flue/spec.h), and of the machines' alphabet.
LIMITS = {
    "objects": 16,
    "operations": 16,
    "statuses": 62,
    "commands": 32,
    "marks": 4,
    "parameters": 8,
    "states": 126,
    "conditions": 8,
}

# What flue itself adds to the names of a target, of an object, of an operation.
OF_TARGET = """
    init done missing memory_bytes spec complete doorbell indicate kinds operations statuses marks
    results type_codes node_layout binding_members completions_members indications_members
    kind_name operation_name event_name result_name state_name command_name status_name
""".split()
OF_OBJECT = (
    "arms states commands step sound changed keep give issue take indicate tell short_way".split()
)
OF_OPERATION = ["results", "roll_up"]

Identifier = tuple[str, str, Where]  # C name, what it is, where it comes from


@rule("over-limit")
def over_limit(target):
    """The runtime keeps sets of these as bits of a word, or has arrays of a fixed size for them."""
    for name in ("objects", "operations", "statuses", "marks", "parameters"):
        yield from _counted(name, getattr(target, name), "the target")
    for obj in target.objects:
        yield from _counted("commands", obj.commands, obj.name)
        yield from _counted("states", obj.states, obj.name)
        for cell in obj.cells:
            asked = [a for a in cell.arms if a.condition]
            if len(asked) > LIMITS["conditions"]:
                text = f"{len(asked)} conditions for one event: {LIMITS['conditions']} are possible"
                yield cell.where, text


def _counted(name, items, owner):
    limit = LIMITS[name]
    if len(items) > limit:
        text = f"{len(items)} {name} of {owner}: {limit} are possible"
        yield items[limit].where, text, "this is the first that is too many"


@rule("clashing-identifier")
def clashing_identifier(target):
    """Names of different kinds may be the same in a spec, but not where they meet in C."""
    for identifiers in (_ordinary(target), _tags(target)):
        taken: dict[str, tuple[str, Where]] = {}
        for c, what, where in identifiers:
            other, place = taken.setdefault(c, (what, where))
            if other != what:
                text = f"{c} in C would be both {what} and {other}"
                yield where, text, f"that is at {place.file}:{place.line}"


def _ordinary(target: Target) -> Iterator[Identifier]:
    """Constants, macros and functions."""
    n = Names(target)
    for name in OF_TARGET:
        yield f"{n.low}_{name}", f'flue\'s "{name}"', target.where
    for obj in target.objects:
        yield n.kind(obj.name), f'object "{obj.name}"', obj.where
        for name in OF_OBJECT:
            yield f"{n.low}_{obj.name}_{name}", f'flue\'s "{name}" of {obj.name}', obj.where
    for x in target.operations:
        for name in OF_OPERATION:
            yield f"{n.low}_{x.name}_{name}", f'flue\'s "{name}" of {x.name}', x.where
        yield n.operation(x.name), f'operation "{x.name}"', x.where
        yield f"{n.low}_{x.name}", f'operation "{x.name}"', x.where
    for x in target.indications:
        yield f"{n.low}_{x.name}", f'indication "{x.name}"', x.where
        for reason, _ in x.reasons:
            yield n.const(x.name, reason), f'reason "{reason}" of {x.name}', x.where
    for x in target.statuses:
        yield n.status(x.name), f'status "{x.name}"', x.where
    for t in target.types:
        for name, _ in t.enum:
            yield n.const(t.name, name), f'value "{name}" of type {t.name}', t.where
    for obj in target.objects:
        yield from _of_object(n, obj)


def _of_object(n: Names, obj: Object) -> Iterator[Identifier]:
    for s in obj.states:
        yield n.state(obj.name, s.name), f'state "{s.name}" of {obj.name}', s.where
    yield n.const(obj.name, "impossible"), "flue's impossible state", obj.where
    yield n.const(obj.name, "commands"), "the number of commands", obj.where
    for c in obj.commands:
        yield n.command(obj.name, c.name), f'command "{c.name}" of {obj.name}', c.where
        yield f"{n.low}_{c.name}_done", f'the answer to command "{c.name}"', c.where
    for v in obj.variables:
        for f in v.flags:
            yield n.flag(v.name, f.name, obj.name), f'flag "{f.name}" of {v.name}', f.where
    for code in obj.type_codes:
        words = " ".join(type_code_words(code))
        yield n.type_code(code), f'type code "{words}"', obj.where


def _tags(target: Target) -> Iterator[Identifier]:
    """Names of structures and enumerations."""
    n = Names(target)
    for name in ("kind operation event result type variant mark indication parameter").split():
        yield f"{n.low}_{name}", f"flue's enum of each {name}", target.where
    for name in ("node", "target", "binding", "completions", "indications"):
        yield f"{n.low}_{name}", f"flue's structure of the {name}", target.where
    for s in target.node.structs:
        yield f"{n.low}_{s.name}", f'struct "{s.name}"', s.where
    for t in target.types:
        yield f"{n.low}_{t.name}_value", f'type "{t.name}"', t.where
    for obj in target.objects:
        yield f"{n.low}_{obj.name}", f'object "{obj.name}"', obj.where
        yield f"{n.low}_{obj.name}_state", f"the states of {obj.name}", obj.where
        yield f"{n.low}_{obj.name}_command", f"the commands of {obj.name}", obj.where
        for x in obj.layouts:
            yield f"{n.low}_{obj.name}_{x.klass}", f"the {x.klass} state of {obj.name}", x.where
        for v in obj.variables:
            if v.flags:
                yield f"{n.low}_{obj.name}_{v.name}", f'the flags "{v.name}"', v.where
        for c in obj.commands:
            yield f"{n.low}_{c.name}_args", f'the arguments of "{c.name}"', c.where
            yield f"{n.low}_{c.name}_data", f'the data of "{c.name}"', c.where
