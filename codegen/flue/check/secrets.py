# SPDX-License-Identifier: BSD-2-Clause
"""Secrets: they go from the node to a command, and nowhere else."""

from flue.model import REQUEST, Handling
from flue.model.copies import has_value, lies_under_another
from flue.model.queries import carried, operation_at, places, quoted, sent_by

from .registry import rule

KINDS = ("const", "cached", REQUEST)


def _secrets(obj):
    """Those that can be; what cannot is found already."""
    return [v for v in obj.variables if v.secret and not _unfit(obj, v)]


def _unfit(obj, v) -> str | None:
    if v.klass not in KINDS:
        return f'"{v.name}" is {v.klass}: a secret is const, cached or an argument of a request'
    if v.bits or v.flags or v.type.kind != "value":
        return f'"{v.name}" cannot be a secret: it is no number or array of its own'
    if lies_under_another(obj, v):
        return f'"{v.name}" cannot be a secret: another variable lies at its place'
    return None


@rule("secret-kind")
def secret_kind(target):
    """A secret is the host's to give, and whole bytes, or it could not be left out of every copy.

    Finds: a secret of the class `delegated` or `device`, or one with `bits`, `flags` or `pulses`, or of
    a type that is an age or a pointer; one that shares its place with another variable; `keep` of
    what is no secret, or of the class `request`.
    Mend: make it a number or an array of the class `const`, `cached` or `request`; take `keep` out.
    """
    for obj in target.objects:
        for v in obj.variables:
            if v.keep and not v.secret:
                yield v.place("keep"), f'"keep" has no effect: "{v.name}" is no secret'
            elif v.secret and (text := _unfit(obj, v)):
                yield v.place("secret"), text
            elif v.keep and v.klass == REQUEST:
                text = f'"keep" beside "secret": "{v.name}" is an argument of a request, and nobody keeps it'
                yield v.place("keep"), text


@rule("secret-told")
def secret_told(target):
    """What is given back, or told in an indication, is a secret no longer.

    Finds: a secret in an operation that returns its class, or asks for what the node names; in an
    indication that carries all; as the answer of the host.
    Mend: say `in` with the operations that bring it: in all others it is not there.
    """
    for obj in target.objects:
        for v in (x for x in _secrets(obj) if x.klass != REQUEST):  # nobody could give it back
            telling = [o.name for o in target.operations if _returns(o, v, obj)]
            if telling:
                text = f'"{v.name}" is a secret, and {quoted(telling)} would give it back'
                yield v.place("secret"), text, "in: [...] says where it is there"
                continue
            for i in target.indications:
                if i.about == obj.name and i.carries and not v.operations:
                    text = f'"{v.name}" is a secret, and "{i.name}" would tell it'
                    yield v.place("secret"), text, "in: [...] says where it is there"
                    break
    for i in target.indications:
        names = [v.name for o in target.objects if o.name == i.about for v in _secrets(o)]
        if i.host_answers in names:
            yield i.place("host_answers"), f'"{i.host_answers}" is a secret: no indication has it'


def _returns(operation, v, obj) -> bool:
    given = operation.returns == "asked" or v.klass in operation.returns
    return given and operation.is_about(obj.name) and v.exists_in(operation.name)


@rule("secret-compared")
def secret_compared(target):
    """How long a comparison takes, and what follows from it, tells of what is compared.

    Finds: a secret under `changed`, in a condition, or as the value of an effect.
    Mend: name it under `brought`, which counts whenever the request brings it.
    """
    for obj in target.objects:
        secret = {v.name for v in _secrets(obj)}
        told = secret | _below(target, obj)
        for planned in obj.plan:
            for i, name in enumerate(planned.changed):
                if name in secret and name not in planned.brought:
                    text = f'"{name}" is a secret and is not compared'
                    yield planned.place("changed", i), text, f"brought: [{name}]"
        for condition in obj.conditions + target.conditions:
            for name, key in _asked(condition):
                if name in told:
                    text = f'"{name}" is a secret: no condition asks for it'
                    yield condition.place(key), text
        for command in obj.commands:
            for effect in command.effects:
                if effect.to in secret:
                    yield effect.place("to"), f'"{effect.to}" is a secret: no effect depends on it'


def _asked(condition) -> list[tuple[str, str]]:
    """The variables whose values a condition looks at, each with the key that names it."""
    sides = (condition.left, condition.form), (condition.right, "with")
    named = [(x.word, key) for x, key in sides if x and x.sort in ("variable", "own", "linked")]
    return [*named, *([(condition.variable, "brought")] if condition.variable else [])]


def asks_secret(target, obj, condition) -> bool:
    """Whether a condition asks for a secret, which is a mistake whatever else it is."""
    secret = {v.name for v in obj.variables if v.secret} | _below(target, obj)
    return any(name in secret for name, _ in _asked(condition))


def _below(target, obj) -> set:
    """Secrets of what it links to, as a condition would name them."""
    objects = {o.name: o for o in target.objects}
    links = [x for x in obj.links if x.to in objects]
    return {f"{x.name}.{v.name}" for x in links for v in _secrets(objects[x.to])}


@rule("secret-not-kept", once=True)
def secret_not_kept(target):
    """A secret that is not kept is there only while a request brings it: zeros would be sent else.

    Finds: a command with a secret that is not kept, or that what makes the object does not bring, sent on
    restore, in an operation that does not bring it, as an undo by old values, or by `send` for nodes that
    may come without it.
    Mend: keep it (`keep: while_offloaded`) and let it come with new objects (`in`), or let another command
    be sent that does without; in an operation on objects that are there send it by the plan, under `brought`.
    """
    said = set()
    for place in places(target):
        if place.arm.handling is not Handling.ARM:
            continue
        operation = operation_at(target, place.state, place.event)
        for command in sent_by(place.obj, place.arm):
            for v in (x for x in _secrets(place.obj) if x.klass != REQUEST):  # those find others
                kept = v.keep and has_value(target, v)
                if kept or v.name not in carried(place.obj, command.carries):
                    continue
                why = _lacks(place, operation, command, v)
                about = v if v.keep else (v, command)
                if why and about not in said:
                    said.add(about)
                    yield _not_there(target, place, command, v, why)


def _not_there(target, place, command, v, why):
    """What the secret lacks, and how it gets that."""
    text = f'"{command.name}" carries the secret "{v.name}"'
    if not v.keep:
        at = place.arm.place(place.arm.verb or "")
        return at, f"{text}, which is not kept: {why}", f'keep: while_offloaded, at "{v.name}"'
    new = [o for o in target.operations if o.reaches == "new" and o.is_about(place.obj.name)]
    text += f", and no {place.obj.name} is made with it"
    if lacking := [o.name for o in new if not v.exists_in(o.name)]:
        return v.place("in"), text, f"in: [{', '.join((*lacking, *v.operations))}]"
    return v.where, text, f"{quoted(o.name for o in new)} would have to bring {v.klass}"


def _lacks(place, operation, command, v) -> str | None:
    if operation is None:
        return "no request brings it again"
    if place.arm.verb == "undo" and command.undo == "old_values":
        return "there is no old value"
    if v.klass not in operation.brings or not v.exists_in(operation.name):
        return f'"{operation.name}" does not bring it'
    if operation.reaches == "reference" and place.arm.verb == "send":
        return f'a node of "{operation.name}" may come without it'
    return None
