# SPDX-License-Identifier: BSD-2-Clause
"""What becomes of a spec: tables that must fit the runtime."""

from flue.model import DEVICE
from flue.model.describe import an
from flue.model.queries import carried, ways

from .registry import rule

# Those of the runtime (flue/flue.h), and of the machines' alphabet.
LIMITS = {
    "objects": 16,
    "operations": 16,
    "statuses": 62,
    "commands": 32,
    "marks": 4,
    "parameters": 8,
    "states": 126,
    "conditions": 8,
    "links": 4,
    "ways along links": 64,
    "results": 255,
    "indications": 254,
    "events": 16,
    "transfers": 16,
    "variants": 254,
    "type codes": 65535,
    "lines": 65535,
    "device variables": 32,
    "bytes": 65535,
}


@rule("over-limit")
def over_limit(target):
    """The runtime keeps sets of these as bits of a word, or has arrays of a fixed size for them.

    Finds: more objects, operations, statuses, commands ... than the runtime holds; see
    [Limits](#limits).
    Mend: split the target in two, or merge what differs in its name only.
    """
    for name in ("objects", "operations", "statuses", "marks", "parameters", "indications"):
        yield from _counted(name, getattr(target, name), "the target")
    yield from _numbered(target)
    yield from _laid_out(target)
    for obj in target.objects:
        yield from _counted("commands", obj.commands, obj.name)
        yield from _counted("states", obj.states, obj.name)
        yield from _counted("device variables", obj.of_class(DEVICE), obj.name)
        yield from _counted("events", obj.events, obj.name)
        yield from _counted("links", obj.links, obj.name)
        yield from _far(target, obj)
        yield from _sized(obj)
        for cell in obj.cells:
            asked = [a for a in cell.arms if a.condition]
            if len(asked) > LIMITS["conditions"]:
                text = f"{len(asked)} conditions for one event: {LIMITS['conditions']} are possible"
                yield cell.where, text


def _far(target, obj):
    """What is asked along links follows every way: it is to be a few steps."""
    count, limit = ways(target, obj)[0], LIMITS["ways along links"]
    if count > limit:
        text = f"{count} ways along links lead from {an(obj.name)}: {limit} are possible"
        yield obj.links[0].where, text


def _numbered(target):
    """What is no list of the spec, and is numbered all the same."""
    results, variants = target.results, {v for o in target.objects for v in o.variants}
    for name, count in (("results", len(results)), ("variants", len(variants))):
        if count > LIMITS[name]:
            text = f"{count} {name} of the target: {LIMITS[name]} are possible"
            yield target.where, text
    for obj in target.objects:
        for code in obj.type_codes:
            if code.code >= LIMITS["type codes"]:
                text = f"type code {code.code}: those below {LIMITS['type codes']} are possible"
                yield obj.place("type_codes"), text
        for state in obj.states:
            if state.where.line > LIMITS["lines"]:
                yield state.where, f"this is beyond line {LIMITS['lines']}, the last that is traced"
                break


def _laid_out(target):
    """Offsets and sizes have 16 bits. Those that are written down the schema bounds, others only this."""
    found = [(s, s.host) for s in target.node.layouts + target.node.structs]
    found += [(layout, layout.struct) for obj in target.objects for layout in obj.layouts]
    for part, name in found:
        if part.bytes > LIMITS["bytes"]:
            text = f"{name} has {part.bytes} bytes: {LIMITS['bytes']} are possible"
            yield part.place("bytes"), text


def _sized(obj):
    """The data of one answer is told in 16 bits."""
    for command in obj.commands:
        brings = carried(obj, command.returns)
        found = [v.type.size for v in obj.variables if v.name in brings]
        if sum(found) + 8 * len(found) > LIMITS["bytes"]:
            text = f'the answer to "{command.name}" brings too much: {LIMITS["bytes"]} bytes are possible'
            yield command.place("returns"), text


def _counted(name, items, owner):
    limit = LIMITS[name]
    if len(items) > limit:
        text = f"{len(items)} {name} of {owner}: {limit} are possible"
        yield items[limit].where, text, "this is the first that is too many"
