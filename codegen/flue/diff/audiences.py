# SPDX-License-Identifier: BSD-2-Clause
"""Whom each part of a model concerns, and what a change of it asks of them.

A row for each member of each class of the model, or two where it concerns two; `None` says that the
member is nobody's: a text for people, a place, a number that every build makes anew, or what other
members say already.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import (
    Call,
    Chain,
    ClassLayout,
    Command,
    Context,
    DeviceEvent,
    Effect,
    Flag,
    Indication,
)
from flue.model import Link, Mark, Member, Mode, Node, Object, Operation, Parameter, State, Status
from flue.model import Struct, Target, Transfer, Type, Variable

HOST, DRIVER, BEHAVIOUR = "host", "driver", "behaviour"


@dataclass(frozen=True)
class Row:
    """A member that is told as one text; or, with `each`, something for each of its parts."""

    party: str
    added: bool = True  # whether the party must change where there is one more
    removed: bool = True  # or one less
    each: str = ""  # what one part of it is called


HOSTS = Row(HOST)
DRIVERS = Row(DRIVER)
BEHAVES = Row(BEHAVIOUR, added=False, removed=False)


def _each(word: str, party: str, added: bool = True, removed: bool = True) -> Row:
    return Row(party, added, removed, word)


def _acts(word: str) -> Row:
    return _each(word, BEHAVIOUR, added=False, removed=False)


BOTH = (HOSTS, DRIVERS)

# What a host never sees of a new one, it need not know; what it names must stay.
ROWS: dict[type, dict[str, Row | tuple[Row, ...] | None]] = {
    Target: {
        "name": HOSTS,
        "structs": HOSTS,
        "word_bytes": HOSTS,
        "states_align": DRIVERS,
        "parameters": _each("parameter", DRIVER),
        "types": _each("type", HOST, added=False),
        "statuses": _each("status", HOST, added=False),
        "operations": _each("operation", HOST, added=False),
        "stale_handle": BEHAVES,
        "marks": _acts("mark"),
        "conditions": _acts("condition"),
        "unusable": BEHAVES,
        "defaults": None,  # the cells of each object have them
        "modes": _each("mode", DRIVER, added=False),
        "calls": _each("call", HOST),
        "indications": _each("indication", HOST),
        "objects": _each("object", HOST, added=False),
        "node": _each("node", HOST),
        "files": None,
        "file": None,
        "warnings": None,
        "contexts": _each("context", DRIVER, added=False),
        "answers_in": DRIVERS,
        "events_in": DRIVERS,
        "polls_in": DRIVERS,
    },
    Parameter: {"type": DRIVERS},
    Type: {
        "c": HOSTS,
        "bytes": HOSTS,
        "count": HOSTS,
        "kind": HOSTS,
        "variant_bytes": HOSTS,
        "enum": _each("value", HOST, added=False),
        "none": HOSTS,
        "unit": HOSTS,
        "byte_order": HOSTS,
    },
    Status: {"value": HOSTS, "host": HOSTS, "good": BEHAVES, "driver_only": BEHAVES},
    Operation: {
        "completion": HOSTS,
        "reaches": HOSTS,
        "order": BEHAVES,
        "parent_failed": BEHAVES,
        "brings": HOSTS,
        "returns": HOSTS,
        "statuses": _each("status", HOST, removed=False),
        "results": BEHAVES,
        "roll_up": BEHAVES,
        "state_used": HOSTS,
        "null_after": HOSTS,
        "about": HOSTS,
        "others": BEHAVES,
        "dependents": HOSTS,
        "reached": BEHAVES,
        "together": BEHAVES,
        "aborted": BEHAVES,
        "keeps": HOSTS,
        "runs_in": HOSTS,
        "completed_in": HOSTS,
    },
    Mark: {"ends": BEHAVES},
    Mode: {
        "enter": BEHAVES,
        "leave": BEHAVES,
        "refuse": BEHAVES,
        "resets_all": BEHAVES,
        "hold": BEHAVES,
    },
    Call: {"passes": HOSTS, "runs_in": HOSTS},
    Context: {"index": DRIVERS, "sleeps": DRIVERS, "host": DRIVERS},
    Indication: {
        "call": HOSTS,
        "about": HOSTS,
        "code": HOSTS,
        "reasons": _each("reason", HOST),
        "carries": HOSTS,
        "host_answers": HOSTS,
        "argument": HOSTS,
    },
    Object: {
        "links": _each("link", HOST),
        "variant_of": HOSTS,
        "variants": HOSTS,
        "full_status": BEHAVES,
        "layouts": _each("layout", HOST),
        "variables": _each("variable", HOST),
        "commands": _each("command", DRIVER),
        "plans": BEHAVES,
        "plan": BEHAVES,
        "conditions": _acts("condition"),
        "groups": None,  # a short way to write; cells and what it raises have the states
        "raises": BEHAVES,
        "sees": BEHAVES,
        "states": _acts("state"),
        "cells": _acts("on"),
        "type_codes": HOSTS,
        "file": None,
        "events": _each("event", DRIVER, added=False),
        "transfers": (_each("transfer", HOST, added=False), _each("transfer", DRIVER)),
        "poisoned": None,
    },
    Link: {"to": HOSTS, "by": HOSTS, "relinked_by": HOSTS, "optional": HOSTS},
    ClassLayout: {"klass": None, "struct": HOSTS, "bytes": HOSTS},
    Variable: {
        "klass": HOSTS,
        "type": HOSTS,
        "host": HOSTS,
        "at": HOSTS,
        "bits": HOSTS,
        "flags": _each("flag", HOST, added=False),
        "only": HOSTS,
        "operations": HOSTS,
        "unit": HOSTS,
        "secret": BEHAVES,
        "keep": BEHAVES,
    },
    Flag: {"mask": HOSTS, "pulse": HOSTS},
    Command: {
        "carries": DRIVERS,
        "returns": DRIVERS,
        "effects": _each("effect", DRIVER),
        "answers": _each("answer", DRIVER, added=False),
        "hardware": DRIVERS,
        "undo": BEHAVES,
        "unchanged_on_failure": DRIVERS,
        "timeout_ms": BEHAVES,
        "runs_in": DRIVERS,
    },
    Effect: {"sets": DRIVERS, "to": DRIVERS, "unless_equal": DRIVERS},
    DeviceEvent: {"data": DRIVERS, "hardware": DRIVERS, "runs_in": DRIVERS},
    State: {
        "busy": BEHAVES,
        "host": BEHAVES,
        "hardware": BEHAVES,
        "written": None,  # the cells have it
        "waits": BEHAVES,
        "before": BEHAVES,
    },
    Node: {
        "layouts": _each("layout", HOST),
        "structs": _each("structure", HOST),
        "roles": HOSTS,
        "file": None,
        "word_bytes": HOSTS,
        "chain": (_each("chain", HOST, added=False), _each("chain", DRIVER, added=False)),
    },
    Chain: {"host": BOTH, "next": HOSTS, "status": BOTH, "words": HOSTS},
    Transfer: {
        "completion": HOSTS,
        "states": BEHAVES,
        "after": DRIVERS,  # how far it counts when it says up to where all is done
        "passes": BOTH,
        "accepted": HOSTS,
        "statuses": (_each("status", HOST, removed=False), _each("status", DRIVER, added=False)),
        "refused": HOSTS,
        "ending": HOSTS,
        "returned": HOSTS,
        "reset": HOSTS,
        "lent": BOTH,
    },
    Struct: {"host": HOSTS, "bytes": HOSTS, "members": _each("member", HOST)},
    Member: {
        "type": HOSTS,
        "host": HOSTS,
        "at": HOSTS,
        "role": HOSTS,
        "layouts": HOSTS,
        "null_after": HOSTS,
        "value": HOSTS,
    },
}
NOBODYS = frozenset({"doc", "where", "source", "name", "index"})


def rows(kind: type, member: str) -> tuple[Row, ...]:
    """What a change of this member of a class asks, for each whom it concerns; none: nobody."""
    found = ROWS[kind].get(member)
    if found is None:
        return ()
    return found if isinstance(found, tuple) else (found,)
