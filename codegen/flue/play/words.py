# SPDX-License-Identifier: BSD-2-Clause
"""A line of somebody's, as the lines that the program understands (drivers/play/play.h).

    create meter a port=3 rate_kbps=1000      an operation, a kind and a name of its own, values
    modify a rate_kbps=8000 + b burst_bytes=1   by its name; several nodes of one request
    create filter f meter=a                   a link: the node above where the spec says so, else a handle
    lose write_limits                         what befalls the next such command
"""

from __future__ import annotations

from flue.model.describe import an
import shlex
from dataclasses import dataclass, field
from typing import Callable

from flue.diagnostics import did_you_mean
from flue.model import Object, Operation

from .lexicon import ANY, ASKED, Lexicon, PlayError, event_data, hexadecimal, known
from .lexicon import natural, number

SHORT = {
    "fail": "refused",
    "half": "half_done",
    "lose": "no_answer",
    "late": "late",
    "twice": "twice",
}
MOST_OBJECTS = 96
HELP = """\
the host asks:
  OPERATION KIND NAME [VARIABLE=VALUE | LINK=NAME ...]   a new object, which is called NAME from here on
  OPERATION NAME [VARIABLE=VALUE ...] [+ NAME ...]       about those that are there; + is one more node
      VALUE: a number (0x10), or a name of its enum: rate=5 mode=fast
             of a flag 0 or 1, by the flag's own name and not its variable's: urgent=1
             bytes, such as an address, in hexadecimal, the rest is 0: mac=0a0b0c0d0e0f or 0a:0b:0c:0d:0e:0f
      LINK=none: to nothing, where a link may be missing
      asked=CLASS: of a query, what the node's type asks for (const, cached, delegated); else all
      operations: {operations}
  transfer NAME.TRANSFER [COUNT] [WORD=N]   elements for NAME, each with the next number; KIND.TRANSFER: what is lent
the hardware; COMMAND is the next one of that name:
  fail COMMAND [RESULT]     it is refused, and nothing is changed
  half COMMAND [RESULT]     it answers badly, though it was carried out
  lose COMMAND              it is carried out, and its answer is lost
  late COMMAND              its answer waits for `deliver`
  twice COMMAND             it is answered, and by `deliver` once more
  next COMMAND FAULT        any of: {faults}
  deliver                   answers that are late come now
  finish ELEMENT [STATUS]   it has done with that element, and those before it in its order; what it is not
                            done with it holds, 8 at most, until its object is gone
  event NAME EVENT [DATA=VALUE ...]   it does that by itself; data that is not said is 0, none at all: by chance
  raise NAME INDICATION, vanish NAME  it asks or tells something; it loses an entry
time and the whole:
  time MS                   so many milliseconds pass: what was lost times out
  reset, unplug             the hardware forgets everything; it is taken away
objects are shown when something of them changed:
  show, help, quit          all objects; this; the end. `.show` where an operation is called show
  save FILE                 the lines so far that could be, as a script
"""


@dataclass
class Node:
    kind: Object
    name: str
    new: bool
    above: int = -1
    variant: int = ANY
    lines: list[str] = field(default_factory=list)


class Words:
    """Knows which names were given to what."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.objects: dict[str, tuple[int, Object]] = {}
        self.own: dict[str, Callable[[list[str]], list[str]]] = {
            "next": self._next,
            **{word: self._short(fault) for word, fault in SHORT.items()},
            "transfer": self._transfer,
            "finish": self._finish,
            "event": self._event,
            "raise": self._raise,
            "vanish": lambda words: [f"vanish {self._number(*self._exactly(words, 1, 'NAME'))} 0"],
            "time": self._time,
            **{word: self._alone(word) for word in ("deliver", "reset", "unplug", "show")},
        }

    def lines(self, line: str) -> list[str]:
        """What to send for a line; nothing for an empty one. Raises PlayError."""
        try:
            words = shlex.split(line, comments=True)
        except ValueError as e:
            raise PlayError(f"{str(e).lower()}") from None
        if not words:
            return []
        first, rest = words[0], words[1:]
        if first in self.lexicon.operations:
            return self._ask(self.lexicon.operation(first), rest)
        word = first.removeprefix(".")
        if word not in self.own:
            known("word", first, [*self.lexicon.operations, *self.own, "save", "help", "quit"])
        return self.own[word](rest)

    # ---- The host

    def _ask(self, operation: Operation, words: list[str]) -> list[str]:
        nodes: list[Node] = []
        named = dict(self.objects)
        for part in _parts(words):
            self._node(operation, part, nodes, named)
        out = [f"ask {operation.index}"]
        for node in nodes:
            out.append(
                f"node {named[node.name][0]} {node.name} {node.kind.index} {node.above}"
                f" {int(node.new)} {node.variant}"
            )
            out += node.lines
        self.objects = named
        return [*out, "send"]

    def _node(self, operation: Operation, words: list[str], nodes: list[Node], named: dict) -> None:
        new = words[0] in self.lexicon.kinds and operation.reaches == "new"
        if new:
            kind, name, rest = self._newcomer(words, named)
        else:
            name, rest = words[0], words[1:]
            kind = self._known(name, named)[1]
        node = Node(kind, name, new)
        for word in rest:
            self._setting(operation, node, word, nodes, named)
        nodes.append(node)

    def _newcomer(self, words: list[str], named: dict) -> tuple[Object, str, list[str]]:
        kind = self.lexicon.kind(words[0])
        if len(words) < 2 or "=" in words[1]:
            raise PlayError(f"a new {kind.name} needs a name: {kind.name} NAME")
        name = words[1]
        if not name.isidentifier() or len(name) > 30:
            raise PlayError(f'"{name}" is no name: letters, digits and _, at most 30')
        if name in named and named[name][1] is not kind:
            raise PlayError(f"{name} was {an(named[name][1].name)} before; choose another name")
        if len(named) == MOST_OBJECTS:
            raise PlayError(f"{MOST_OBJECTS} names are all that a session has")
        named.setdefault(name, (len(named), kind))
        return kind, name, words[2:]

    def _setting(
        self, operation: Operation, node: Node, word: str, nodes: list[Node], named: dict
    ) -> None:
        name, equals, value = word.partition("=")
        settings = self.lexicon.settings(node.kind.name, operation)
        known(f"setting of {an(node.kind.name)} by {operation.name}", name, settings)
        if not equals:
            raise PlayError(f'"{word}" says no value: {name}=...')
        link = next((x for x in node.kind.links if x.name == name), None)
        asked = self.lexicon.asked(node.kind, operation)
        if name == ASKED and asked:
            node.lines.append(f"classes {asked[known('class to ask for', value, asked)]}")
        elif name == "variant":
            node.variant = node.kind.variants.index(known("variant", value, node.kind.variants))
        elif link is None:
            i, of = self.lexicon.values[node.kind.name][name]
            line = (
                f"bytes {i} {hexadecimal(of, value) or '00'}"
                if of.sort in ("ARRAY", "NAMED")
                else f"number {i} {number(of, value)}"
            )
            node.lines.append(line)
        else:
            self._link(node, link, value, nodes, named)

    def _link(self, node: Node, link, value: str, nodes: list[Node], named: dict) -> None:
        if value == "none":
            node.lines += [f"link {node.kind.links.index(link)} -1"] * (link.by is not None)
            return
        to, kind = self._known(value, named)
        if kind.name != link.to:
            raise PlayError(f"{value} is {an(kind.name)}; {link.name} leads to {an(link.to)}")
        if link.by is not None:
            node.lines.append(f"link {node.kind.links.index(link)} {to}")
            return
        there = next((i for i, n in enumerate(nodes) if n.name == value), None)
        if there is None:
            nodes.append(Node(kind, value, False))
            there = len(nodes) - 1
        node.above = there

    def _known(self, name: str, named: dict) -> tuple[int, Object]:
        if name in named:
            return named[name]
        hint = did_you_mean(name, named) or (f"there are: {', '.join(named)}" if named else "")
        kinds = ", ".join(self.lexicon.kinds)
        raise PlayError(
            f'no object is called "{name}"; ' + (hint or f"a new one: {kinds}, and a name")
        )

    def _number(self, name: str) -> int:
        return self._known(name, self.objects)[0]

    def _transfer(self, words: list[str]) -> list[str]:
        if not words:
            raise PlayError("transfer NAME.TRANSFER [COUNT] [WORD=N]")
        whom, _, what = words[0].partition(".")
        kind = self.lexicon.kinds.get(whom) or self._known(whom, self.objects)[1]
        transfers = {t.name: t for t in kind.transfers}
        t = transfers[known(f"transfer of {an(kind.name)}", what, transfers)]
        count, passed = 1, 0
        for word in words[1:]:
            name, equals, n = word.rpartition("=")
            if equals:
                known(f"number that {what} passes", name, filter(None, [t.passes]))
                passed = natural(n, 2**32 - 1)
            else:
                count = natural(n, MOST_OBJECTS)
        number = self.lexicon.transfers.index((kind.name, what))
        to = -1 if t.lent else self._number(whom)
        if not count:
            raise PlayError('"0" is nothing to hand over')
        return [f"hand {number} {to} {count} {passed}"]

    # ---- The hardware

    def _finish(self, words: list[str]) -> list[str]:
        if len(words) not in (1, 2):
            raise PlayError("finish ELEMENT [STATUS]")
        element = natural(words[0], 2**32 - 1)
        values = {s.name: s.value for s in self.lexicon.target.statuses if s.value is not None}
        status = [str(values[known("status", word, values)]) for word in words[1:]]
        return [" ".join(["finish", str(element), *status])]

    def _next(self, words: list[str]) -> list[str]:
        if len(words) not in (2, 3):
            raise PlayError("next COMMAND FAULT [RESULT]")
        obj, command = self.lexicon.command(words[0])
        fault = self.lexicon.faults.index(known("fault", words[1], self.lexicon.faults))
        result = self.lexicon.result(command, words[2]) if len(words) == 3 else ANY
        return [f"strike {obj.index} {command.index} {fault} {result}"]

    def _short(self, fault: str) -> Callable[[list[str]], list[str]]:
        def strike(words: list[str]) -> list[str]:
            if not words:
                raise PlayError("which command? " + ", ".join(self.lexicon.commands))
            return self._next([words[0], fault, *words[1:]])

        return strike

    def _event(self, words: list[str]) -> list[str]:
        name, event = self._exactly(words[:2], 2, "NAME EVENT [DATA=VALUE ...]")
        events = {e.name: e for e in self._known(name, self.objects)[1].events}
        of = events[known("event", event, events)]
        given = {}
        for word in words[2:]:
            what, equals, value = word.partition("=")
            known(f"data of {event}", what, [x for x, _ in of.data])
            if not equals:
                raise PlayError(f'"{word}" says no value: {what}=...')
            given[what] = value
        data = event_data(of, given) if given else ""
        return [f"event {self._number(name)} {of.index} {data}".rstrip()]

    def _raise(self, words: list[str]) -> list[str]:
        name, indication = self._exactly(words, 2, "NAME INDICATION")
        raised = [r.indication for r in self._known(name, self.objects)[1].raises]
        return [
            f"raise {self._number(name)} {raised.index(known('indication', indication, raised))}"
        ]

    def _time(self, words: list[str]) -> list[str]:
        (ms,) = self._exactly(words, 1, "MS")
        return [f"time {natural(ms, 100_000, 'number of milliseconds')}"]

    def _alone(self, word: str) -> Callable[[list[str]], list[str]]:
        return lambda words: self._exactly(words, 0, "nothing behind it") or [word]

    @staticmethod
    def _exactly(words: list[str], count: int, usage: str) -> list[str]:
        if len(words) != count:
            raise PlayError(f"{len(words)} words behind it; it takes {usage}")
        return words

    def help(self) -> str:
        lexicon = self.lexicon
        return HELP.format(
            operations=", ".join(lexicon.operations), faults=" ".join(lexicon.faults)
        )


def _parts(words: list[str]) -> list[list[str]]:
    """The nodes' words, between the signs."""
    parts: list[list[str]] = [[]]
    for word in words:
        parts = [*parts, []] if word == "+" else [*parts[:-1], [*parts[-1], word]]
    if not all(parts):
        raise PlayError("which object? KIND and a NAME for a new one, or the NAME of one")
    return parts
