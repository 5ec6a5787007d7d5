# SPDX-License-Identifier: BSD-2-Clause
"""Names that are different in the spec and must be different in C, too."""

from collections.abc import Iterator

from flue.model import OBJECTS_CLASSES, Command, Object, Target, Where
from flue.model.c_names import EVENTS_OF_FLUE, Names, type_code_words
from flue.model.queries import linked_numbers

from .registry import rule

# What flue itself adds to the names of a target, of an object, of an operation.
OF_TARGET = """
    init done missing memory_bytes spec complete doorbell indicate kinds operations statuses marks
    results type_codes node_layout binding_members completions_members indications_members transfers_members
    transfers transfers_missing chain_layout
    kind_name operation_name event_name result_name state_name command_name status_name state_behind
    device_open device_close device_get device_spec device_binding
""".split()
MACROS = """
    h host_h objects_h kinds operations results statuses state_stride adapter_begins_with
    static_assert
""".split()
OF_OBJECT = """
    arms states commands events step validate changed store load issue deliver indicate notify notify_event
    of next needed copy send send_plan links links_stay
    fast visit_fast done_fast reaped_fast fast_path
    traced visit_traced done_traced reaped_traced traced_path
""".split()
OF_OPERATION = ["results", "roll_up"]

Identifier = tuple[str, str, Where]  # C name, what it is, where it comes from


@rule("clashing-identifier")
def clashing_identifier(target):
    """Names of different kinds may be the same in a spec, but not where they meet in C.

    Finds: names of different kinds that become the same identifier in C.
    Mend: rename one of the two; the message says where the other is.
    """
    of_commands = (_arguments(target, o, c) for o in target.objects for c in o.commands)
    for identifiers in (_ordinary(target), _tags(target), *of_commands):
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
    for name in MACROS:
        yield n.const(name), f'flue\'s "{name.upper()}"', target.where
    for obj in target.objects:
        yield n.kind(obj.name), f'object "{obj.name}"', obj.where
        yield f"{n.low}_device_{obj.name}", f"what a device has of {obj.name}", obj.where
        for name in OF_OBJECT:
            yield f"{n.low}_{obj.name}_{name}", f'flue\'s "{name}" of {obj.name}', obj.where
    for operation in target.operations:
        for name in OF_OPERATION:
            yield f"{n.low}_{operation.name}_{name}", f'flue\'s "{name}" of {operation.name}', operation.where
        yield n.operation(operation.name), f'operation "{operation.name}"', operation.where
        yield f"{n.low}_{operation.name}", f'operation "{operation.name}"', operation.where
    for indication in target.indications:
        yield f"{n.low}_{indication.name}", f'indication "{indication.name}"', indication.where
        for reason, _ in indication.reasons:
            yield n.const(
                indication.name, reason
            ), f'reason "{reason}" of {indication.name}', indication.where
    for status in target.statuses:
        yield n.status(status.name), f'status "{status.name}"', status.where
    for t in target.types:
        for name, _ in t.enum:
            yield n.const(t.name, name), f'value "{name}" of type {t.name}', t.where or target.where
    yield from _numbers(n, target)
    for obj in target.objects:
        yield from _of_object(n, obj)
        yield from _of_machine(f"{n.low}_{obj.name}", obj, target)


def _numbers(n: Names, target: Target) -> Iterator[Identifier]:
    """Constants that say by a word of their own what they number."""
    for name in (*EVENTS_OF_FLUE, *target.decisions, *(x.name for x in target.operations)):
        yield n.event(name), f'event "{name}"', target.where
    for name in target.results:
        yield n.result(name), f'result "{name}"', target.where
    for status in target.statuses:
        yield n.status_index(status.name), f'the index of status "{status.name}"', status.where
    for mark in target.marks:
        yield n.mark(mark.name), f'mark "{mark.name}"', mark.where
    for indication in target.indications:
        yield n.indication(
            indication.name
        ), f'the number of indication "{indication.name}"', indication.where
    for parameter in target.parameters:
        yield n.parameter(parameter.name), f'parameter "{parameter.name}"', parameter.where
    for obj in target.objects:
        for name in obj.variants:
            yield n.variant(name), f'variant "{name}"', target.where


def _of_machine(low: str, obj: Object, target: Target) -> Iterator[Identifier]:
    """The functions of one object's file."""
    for c in target.conditions + obj.conditions:
        yield f"{low}_{c.name}", f'condition "{c.name}" of {obj.name}', c.where or obj.where
    for command in obj.commands:
        for word in ("needs", "issue", "deliver"):
            what = f'flue\'s "{word}" of command "{command.name}"'
            yield f"{low}_{word}_{command.name}", what, command.where
        for e in command.effects:
            yield f"{low}_effect_{e.name}", f'effect "{e.name}" of {obj.name}', e.where
    for indication in target.indications:
        if indication.about == obj.name:
            yield f"{low}_indicate_{indication.name}", f'indication "{indication.name}" of {obj.name}', indication.where


def _of_object(n: Names, obj: Object) -> Iterator[Identifier]:
    for s in obj.states:
        yield n.state(obj.name, s.name), f'state "{s.name}" of {obj.name}', s.where
    yield n.const(obj.name, "impossible"), "flue's impossible state", obj.where
    yield n.const(obj.name, "commands"), "the number of commands", obj.where
    for c in obj.commands:
        yield n.command(obj.name, c.name), f'command "{c.name}" of {obj.name}', c.where
        yield f"{n.low}_{c.name}_done", f'the answer to command "{c.name}"', c.where
        for told in (x for x in obj.commands if c.returns and x.hardware == "has"):
            what = f'the copy from "{told.name}" into the answer to "{c.name}"'
            yield f"{n.low}_{c.name}_data_from_{told.name}", what, c.where
    for e in obj.events:
        yield f"{n.low}_{obj.name}_{e.name}", f'event "{e.name}" of {obj.name}', e.where
        number = f'the number of event "{e.name}" of {obj.name}'
        yield n.device_event(obj.name, e.name), number, e.where
    for t in obj.transfers:
        yield f"{n.low}_transfer_{obj.name}_{t.name}", f'transfer "{t.name}" of {obj.name}', t.where
        for word in ("take", "complete"):
            what = f'flue\'s "{word}" of transfer "{t.name}"'
            yield f"{n.low}_{word}_{obj.name}_{t.name}", what, t.where
        yield f"{n.low}_transfer_{obj.name}_{t.name}_done", f'the answer to transfer "{t.name}"', t.where
        yield n.transfer(obj.name, t.name), f'the number of transfer "{t.name}"', t.where
    for v in obj.variables:
        for f in v.flags:
            yield n.flag(v.name, f.name, obj.name), f'flag "{f.name}" of {v.name}', f.where
    for code in obj.type_codes:
        words = " ".join(type_code_words(code))
        yield n.type_code(code), f'type code "{words}"', obj.where


def _arguments(target: Target, obj: Object, command: Command) -> Iterator[Identifier]:
    """Members of a command's arguments, where numbers of what it links to are among them."""
    if not linked_numbers(target, obj, command):
        return
    for v in obj.variables:
        if {v.name, v.klass} & set(command.carries):
            yield v.name, f'variable "{v.name}"', v.where
        for f in v.flags:
            yield f.name, f'flag "{f.name}" of {v.name}', f.where
    for e in command.effects:
        yield e.name, f'effect "{e.name}" of {command.name}', e.where
    for link, _, number in linked_numbers(target, obj, command):
        what = f'"{link.name}.{number.name}", which "{command.name}" carries'
        yield f"{link.name}_{number.name}", what, command.place("carries")


def _tags(target: Target) -> Iterator[Identifier]:
    """Names of structures and enumerations."""
    n = Names(target)
    for name in "kind operation event result type variant mark indication parameter".split():
        yield f"{n.low}_{name}", f"flue's enum of each {name}", target.where
    yield f"{n.low}_status_index", "flue's enum of each status", target.where
    for name in ("node", "target", "binding", "completions", "indications", "transfers"):
        yield f"{n.low}_{name}", f"flue's structure of the {name}", target.where
    yield f"{n.low}_any_data", "flue's union of all data", target.where
    yield f"{n.low}_any_event", "flue's union of the data of all events", target.where
    for s in target.node.structs:
        yield f"{n.low}_{s.name}", f'struct "{s.name}"', s.where
    for x in target.node.layouts[1:]:
        yield f"{n.low}_node_{x.name}", f'layout "{x.name}" of the node', x.where
    for indication in target.indications:
        yield f"{n.low}_{indication.name}_reason", f'the reasons of "{indication.name}"', indication.where
    for t in target.types:
        yield f"{n.low}_{t.name}_value", f'type "{t.name}"', t.where or target.where
    for obj in target.objects:
        yield f"{n.low}_{obj.name}", f'object "{obj.name}"', obj.where
        yield f"{n.low}_device_{obj.name}", f"what a device has of {obj.name}", obj.where
        yield f"{n.low}_{obj.name}_state", f"the states of {obj.name}", obj.where
        yield f"{n.low}_{obj.name}_command", f"the commands of {obj.name}", obj.where
        yield f"{n.low}_{obj.name}_event", f"the events of {obj.name}", obj.where
        for layout in obj.layouts:
            yield f"{n.low}_{obj.name}_{layout.klass}", f"the {layout.klass} state of {obj.name}", layout.where
        for klass in OBJECTS_CLASSES:
            if obj.of_class(klass):
                what = f"the {klass} variables of {obj.name}"
                yield f"{n.low}_{obj.name}_{klass}", what, obj.where
        for v in obj.variables:
            if v.flags:
                yield f"{n.low}_{obj.name}_{v.name}", f'the flags "{v.name}"', v.where
        for e in obj.events:
            yield f"{n.low}_{obj.name}_{e.name}_data", f'the data of event "{e.name}" of {obj.name}', e.where
        for c in obj.commands:
            yield f"{n.low}_{c.name}_args", f'the arguments of "{c.name}"', c.where
            yield f"{n.low}_{c.name}_data", f'the data of "{c.name}"', c.where
