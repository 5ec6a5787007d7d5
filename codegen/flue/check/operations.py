# SPDX-License-Identifier: BSD-2-Clause
"""Operations and modes: every node of a tree gets a status, and every key has an effect."""

from itertools import product

from flue.model import VARIABLE_CLASSES, Member
from flue.model.dataflow import ending, perhaps_ending
from flue.model.describe import an
from flue.model.queries import quoted

from .registry import rule

# Of a node's immediate dependents: none failed (or there are none), some did, all did.
DEPENDENTS = ("all_good", "some_bad", "all_bad")
FITTING = {"all_good": {"all_good"}, "some_bad": {"some_bad", "all_bad"}, "all_bad": {"all_bad"}}
IN_WORDS = {
    "all_good": "no bad dependent",
    "some_bad": "good and bad dependents",
    "all_bad": "only bad dependents",
}


@rule("parent-failed")
def parent_failed(target):
    """Nodes under a failed one are not tried, but each of them must get a status.

    Finds: an operation that goes `parents_first` without `parent_failed`.
    Mend: name a bad status under `parent_failed`.
    """
    for operation in target.operations:
        order = None if operation.dependents else operation.order
        if order == "parents_first" and operation.parent_failed is None:
            text = f'"{operation.name}" lacks the key "parent_failed"'
            yield operation.place("order"), text, "the status of nodes whose parent failed"


def _tables(target):
    """Each roll-up table once: (whose, where it is, its lines); none if roles are an error."""
    if {o.reaches for o in target.operations} - {r.role for r in target.node.roles}:
        return
    own = [o for o in target.operations if o.key("roll_up")]
    for operation in own:
        yield f' of "{operation.name}"', operation.key("roll_up"), operation.roll_up
    common = next((o for o in target.operations if o not in own), None)
    if common:
        yield "", target.key("roll_up"), common.roll_up


def cases(line) -> set:
    """What a line of a roll-up table fits: role, how its own object ended, how the dependents did."""
    own = {line.own} if line.own else {"good", "bad"}
    return set(product([line.role], own, FITTING.get(line.dependents, DEPENDENTS)))


@rule("roll-up-incomplete")
def roll_up_incomplete(target):
    """A node that no line fits would end with a status that nobody chose.

    Finds: a roll-up table with a gap: a role, good or bad, whose dependents are all good, mixed or
    all bad.
    Mend: add a last line for the role that fits everything: `{role: ..., status: own}`.
    """
    roles = dict.fromkeys(r.role for r in target.node.roles)
    for whose, where, lines in _tables(target):
        covered = set().union(*map(cases, lines))
        for role, own, dependents in product(roles, ("good", "bad"), DEPENDENTS):
            if (role, own, dependents) not in covered:
                text = f"no line of the roll-up{whose} fits {an(role)} node"
                text += f" that is itself {own}, with {IN_WORDS[dependents]}"
                yield where, text, f"{{role: {role}, status: own}} as a last line, say"
                break


@rule("roll-up-never-fits")
def roll_up_never_fits(target):
    """The first line that fits decides: one for which nothing is left says what never happens.

    Finds: a line of a roll-up table that earlier ones leave nothing for, or of a role no node has.
    Mend: move the line above the wider one, or take it out.
    """
    roles = [r.role for r in target.node.roles]
    gaps = any(roll_up_incomplete(target))  # a line with another role is missed where it was
    for whose, _, lines in () if gaps else _tables(target):
        taken: set[tuple] = set()
        for line in lines:
            if line.role not in roles:
                text = f"this line of the roll-up{whose} never fits"
                yield line.where, f'{text}: the node has no role "{line.role}"'
            elif cases(line) <= taken:
                text = f"this line of the roll-up{whose} never fits"
                yield line.where, f"{text}: the ones before it do, always"
            taken |= cases(line)


@rule("no-effect")
def no_effect(target):
    """A key that is there without the one it belongs to reads like a promise and is none.

    Finds: a key without the one it belongs to: `refuse` of a mode without `resets`, `enter` or
    `leave` without `hold`, `where` of `unusable` without `marked`, `parent_failed` where nothing
    waits for a parent, `host_answers` without `carries`; what the call of an indication does not
    pass; classes that the object does not have; `argument` beside `reasons`; a second mode entered
    by the same call; `about` of all kinds, or that leaves out a kind whose link the operation moves;
    `others` without `about`; `keeps` of a kind that an operation is not about; `aborted` without `together`; `in` of a variable whose object the operation is not about.
    Mend: add the key it belongs to, or take this one out; the message says which.
    """
    for operation in target.operations:
        waits = operation.order == "parents_first" or operation.reaches == "new"
        if operation.parent_failed and (operation.dependents or not waits):
            why = "has one node" if operation.dependents else "tries nodes under failed ones"
            text = f'"parent_failed" has no effect: "{operation.name}" {why}'
            yield operation.key("parent_failed"), text
        if operation.aborted and not operation.together:
            yield operation.key("aborted"), '"aborted" has no effect without "together"'
    yield from _about(target)
    yield from _keeps(target)
    yield from _indications_without(target)
    yield from _classes_without(target)
    if target.unusable.along != () and not target.unusable.marks:
        text = '"where" has no effect without "marked"'
        yield target.unusable.key("where"), text
    for mode in target.modes:
        for key, needs in (("refuse", "resets"), ("enter", "hold"), ("leave", "hold")):
            if mode.key(key) and not mode.key(needs):
                hint = {"resets": "resets: all", "hold": "hold: <operations>"}[needs]
                text = f'"{key}" has no effect in a mode without "{needs}"'
                yield mode.key(key), text, hint
    for key, entered in (("hold", "flue_pause()"), ("resets", "flue_remove()")):
        first, *others = [m for m in target.modes if m.key(key)] or [None]
        for mode in others:
            text = f'"{mode.name}" and "{first.name}" both have "{key}": {entered} enters one mode'
            yield mode.key(key), text


def _about(target):
    """Kinds that an operation is about: not all, and what is said of the others is never asked."""
    for operation in target.operations:
        if operation.others and not operation.about:
            yield operation.key("others"), '"others" has no effect without "about"'
        if not operation.dependents and {o.name for o in target.objects} <= set(operation.about):
            text = f'"about" has no effect: "{operation.name}" is about all kinds of objects'
            yield operation.key("about"), text
    for obj in target.objects:
        mover = obj.link_above and obj.link_above.relinked_by
        if mover and not target.operation(mover).is_about(obj.name):
            text = f'"{mover}" is not about {obj.name}, and moves no link of it'
            yield obj.link_above.place("relinked_by"), text
        for variable in obj.variables:
            for i, name in enumerate(variable.operations):
                if not target.operation(name).is_about(obj.name):
                    text = f'"{variable.name}" is never there: "{name}" is not about {obj.name}'
                    yield variable.place("in", i), text


def _keeps(target):
    """What stays where others are taken away is met."""
    for operation in target.operations:
        for i, kind in enumerate(operation.keeps):
            if not operation.is_about(kind):
                text = f'"{operation.name}" is not about {kind}, and keeps none'
                yield operation.place("keeps", i), text


@rule("keeps-nothing", last=True)
def keeps_nothing(target):
    """What an operation is to keep stays where it takes others away.

    Finds: `keeps` of an operation that takes nothing away.
    Mend: let machines take something away in this operation, or take `keeps` out.
    """
    for operation in target.operations:
        if operation.keeps and operation.name not in ending(target) + perhaps_ending(target):
            text = f'"keeps" has no effect: "{operation.name}" takes nothing away'
            yield operation.key("keeps"), text


def _indications_without(target):
    """What an indication says it tells, and its call does not pass."""
    for indication in target.indications:
        passes = target.call(indication.call).passes
        for key, word in (("reasons", "detail"), ("argument", "detail"), ("carries", "node")):
            if indication.key(key) and word not in passes:
                text = f'"{key}" has no effect: {indication.call} passes no {word}'
                yield indication.key(key), text
        if indication.key("argument") and indication.key("reasons"):
            text = '"argument" has no effect beside "reasons": they are the detail'
            yield indication.key("argument"), text
        if indication.key("host_answers") and not indication.key("carries"):
            text = '"host_answers" has no effect without "carries": there is no node to answer in'
            yield indication.key("host_answers"), text


def _classes_without(target):
    """Classes that commands of an object carry or bring back, and of which it has no variables."""
    for obj in target.objects:
        for command in obj.commands:
            for key, words in (("carries", command.carries), ("returns", command.returns)):
                for i, word in enumerate(words):
                    if word in VARIABLE_CLASSES and not obj.of_class(word):
                        text = f'"{command.name}" {key} {word} variables'
                        yield command.place(key, i), f"{text}, and {an(obj.name)} has none"


@rule("node-null-after")
def node_null_after(target):
    """At the end of an operation the runtime sets one pointer of the node to NULL.

    Finds: `null_after` of what is no pointer, has another role than `data` or `host`, or is not in
    the target's layout; of two members for one operation.
    Mend: name the operations at one member, a pointer (`void*`) with the role `data` or `host`.
    """
    node = target.node
    first: dict[str, Member] = {}
    for member in (m for struct in node.layouts for m in struct.members):
        where = member.place("null_after")
        for operation in member.null_after:
            if not member.type.endswith("*") or member.role not in ("data", "host"):
                text = f'"{member.name}" ({member.type}, {member.role}) cannot be set to NULL'
                yield where, text, "a pointer of the role data or host can"
            elif member not in node.members:
                text = f'"{member.name}" is not in "{node.layouts[0].name}", which the target gets'
                yield where, text
            elif first.setdefault(operation, member) != member:
                text = f'"{operation}" already sets {quoted([first[operation].name])} to NULL'
                yield where, text, "one member for each operation"
